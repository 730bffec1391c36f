-- Each connection registers the collation “alphabetical”. No index uses it, so that other programs can write to the file.
DROP INDEX parties_by_name;
