-- A copy of a database must not sign in the establishment's name.
UPDATE campus_sign_authority SET sealed_keys = NULL;
-- Nor open the ceremony to links that were sent by the original.
UPDATE campus_sign_link SET token_hash = NULL, revoked_at = now() AT TIME ZONE 'UTC';
