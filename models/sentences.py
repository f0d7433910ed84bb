# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The engine's refusals, worded for people in their language."""

from ..engine import rendering


def template_problem(env, problem):
    """Return the sentence for one :class:`rendering.Problem`, its place first."""
    value = problem.value
    sentences = {
        "unknown_tag": env._("the tag “%s” does not exist.", value),
        "foreign_tag": env._(
            "the tag “%s” is not available for documents of this category.", value
        ),
        "unknown_role": env._("the role “%s” does not exist.", value),
        "unknown_condition": env._(
            "this section depends on the tag “%s”, which does not exist.", value
        ),
        "unknown_block": env._("the block “%s” cannot be printed.", value),
        "malformed": env._("this block is damaged: delete it and insert it again."),
        "nested": env._("a tag or a signature block cannot hold another block."),
        "too_deep": env._("the content is nested too deeply."),
        "image": env._("an image of the template is not available."),
        "bad_image": env._(
            "this picture is damaged or too large to be printed: make it smaller, then "
            "insert it again."
        ),
        "forbidden": env._("“%s” is not the content of a document.", value),
        "no_such_signer": env._(
            "“%s” has a signature block and is not in the circuit: add the role in "
            "the “Sharing” tab or delete the block.",
            value,
        ),
    }
    sentence = sentences.get(problem.code, problem.message)
    if not problem.place:
        return sentence
    return env._(
        "%(place)s: %(problem)s", place=place(env, problem.place), problem=sentence
    )


def place(env, where):
    """Return the words for a :class:`rendering.Place`."""
    if where.words and where.title:
        return env._(
            "under “%(title)s”, “%(words)s”", title=where.title, words=where.words
        )
    if where.words:
        return env._("at “%(words)s”", words=where.words)
    if where.title:
        return env._(
            "under “%(title)s”, line %(line)s", title=where.title, line=where.line
        )
    return env._("line %(line)s", line=where.line)


def rendering_refusal(env, error, labels=None):
    """Return the sentence for what :mod:`engine.rendering` refused.

    :param labels: ``{slot name: words}`` naming the signature boxes
    """
    if isinstance(error, rendering.TemplateProblems):
        return "\n".join(template_problem(env, p) for p in error.problems)
    if isinstance(error, rendering.MissingGlyphs):
        return missing_glyphs(env, error.characters)
    if isinstance(error, rendering.LayoutError):
        return _layout_refusal(env, error, labels or {})
    if isinstance(error, rendering.ForbiddenResource):
        return env._(
            "The document asks for files from elsewhere: only embedded images are "
            "printed."
        )
    return env._("The document could not be made: %s", error)


def _layout_refusal(env, error, labels):
    boxes = ", ".join(labels.get(slot, slot) for slot in error.slots)
    sentences = {
        "count": env._("The signature box of %(boxes)s must appear once.", boxes=boxes),
        "pages": env._(
            "The signature box of %(boxes)s is cut by a page break: move its block.",
            boxes=boxes,
        ),
        "outside": env._(
            "The signature box of %(boxes)s leaves page %(page)s: make the margins "
            "smaller or move its block.",
            boxes=boxes,
            page=error.page,
        ),
        "small": env._(
            "The signature box of %(boxes)s has too little room: make the margins "
            "smaller or take its block out of a narrow column.",
            boxes=boxes,
        ),
        "overlap": env._(
            "The signature boxes of %(boxes)s overlap: move their blocks apart.",
            boxes=boxes,
        ),
    }
    return sentences[error.code]


def missing_glyphs(env, characters):
    """Return the sentence naming characters no font of the document can draw."""
    return env._(
        "No font of the document can draw these characters: %(characters)s. Write "
        "them another way.",
        characters=" ".join(characters[:20]),
    )
