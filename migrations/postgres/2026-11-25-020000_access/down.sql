-- Takes away every token.
DROP TABLE sign_ins;
DROP TABLE tokens;
