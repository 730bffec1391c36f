-- The root order of the Unicode Collation Algorithm. No index uses it, so that a new version of ICU corrupts none.
CREATE COLLATION alphabetical (provider = icu, locale = 'und');
DROP INDEX parties_by_name;
