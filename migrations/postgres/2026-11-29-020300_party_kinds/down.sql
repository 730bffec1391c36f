-- The earlier version has no kind that fits better.
UPDATE parties SET kind = 'mediating_body' WHERE kind = 'commission';
UPDATE parties SET kind = 'international_organisation' WHERE kind = 'political_party';

ALTER TABLE parties DROP CONSTRAINT parties_kind_check, ADD CONSTRAINT parties_kind_check CHECK (kind IN ('state', 'international_organisation', 'de_facto_authority', 'armed_group', 'mediating_body', 'person'));
