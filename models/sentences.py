# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The engine's refusals, worded for people in their language."""

from ..engine import rendering


def template_problem(env, problem):
    """Return the sentence for one :class:`rendering.Problem`, its place first."""
    value = problem.value
    sentences = {
        "unknown_tag": env._("the tag “%s” does not exist.", value),
        "unknown_role": env._("the role “%s” does not exist.", value),
        "unknown_condition": env._(
            "this section depends on the tag “%s”, which does not exist.", value
        ),
        "unknown_block": env._("the block “%s” cannot be printed.", value),
        "malformed": env._("this block is damaged: delete it and insert it again."),
        "nested": env._("a tag or a signature block cannot hold another block."),
        "too_deep": env._("the content is nested too deeply."),
        "image": env._("an image of the template is not available."),
    }
    sentence = sentences.get(problem.code, problem.message)
    if not problem.place:
        return sentence
    return env._("%(place)s: %(sentence)s", place=problem.place, sentence=sentence)


def rendering_refusal(env, error):
    """Return the sentence for what :mod:`engine.rendering` refused."""
    if isinstance(error, rendering.TemplateProblems):
        return "\n".join(template_problem(env, p) for p in error.problems)
    if isinstance(error, rendering.MissingGlyphs):
        return missing_glyphs(env, error.characters)
    if isinstance(error, rendering.LayoutError):
        return env._(
            "The signature boxes do not fit the page: make the margins smaller or move "
            "the signature blocks (%s).",
            error,
        )
    return env._("The document could not be made: %s", error)


def missing_glyphs(env, characters):
    """Return the sentence naming characters no font of the document can draw."""
    return env._(
        "No font of the document can draw these characters: %(characters)s. Write "
        "them another way.",
        characters=" ".join(characters[:20]),
    )
