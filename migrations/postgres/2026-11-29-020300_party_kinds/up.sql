-- Two kinds of parties: political parties and commissions.
ALTER TABLE parties DROP CONSTRAINT parties_kind_check, ADD CONSTRAINT parties_kind_check CHECK (kind IN ('state', 'international_organisation', 'de_facto_authority', 'armed_group', 'mediating_body', 'political_party', 'commission', 'person'));
