show standard_conforming_strings
---
standard_conforming_strings
on

select 'a\b', e'a\tb', E'it\'s'
---
?column? | ?column? | ?column?
a\b | a	b | it's

set standard_conforming_strings = off
---
ok 0

select 'a\tb', 'it\'s', 'x\\y', 'plain', e'a\tb', '\x41\101\u0041'
---
notice nonstandard use of escape in a string literal
notice nonstandard use of \' in a string literal
notice nonstandard use of \\ in a string literal
notice nonstandard use of escape in a string literal
?column? | ?column? | ?column? | ?column? | ?column? | ?column?
a	b | it's | x\y | plain | a	b | AAA

set escape_string_warning = off
---
ok 0

select 'a\tb' as one, length('\\') as two, '\'' as three, $$a\b$$ as four, 'no' as "a\b"
---
one | two | three | four | a\b
a	b | 1 | ' | a\b | no

select date'2020-01-0\061', n'a\tb', b'101', x'1F'
---
date | bpchar | ?column? | ?column?
2020-01-01 | a	b | 101 | 00011111

select 'one'
'\ttwo', 'a'
'b\n' -- '\'
---
?column? | ?column?
one	two | ab\n

select 1 'b\n'
---
ERROR 42601: syntax error at or near "'b\n'"
at 10

select 'ä\\', missing from pg_class
---
ERROR 42703: column "missing" does not exist
at 15

select 'ä\\' 'x'
---
ERROR 42601: syntax error at or near "'x'"
at 14

select U&'\0041'
---
ERROR 0A000: unsafe use of string constant with Unicode escapes
at 8
detail String constants with Unicode escapes cannot be used when standard_conforming_strings is off.

select /* it\'s */ 1 -- it\'s
---
?column?
1

set backslash_quote = off
---
ok 0

select 'a\tb'
---
?column?
a	b

select 'it\'s'
---
ERROR 22P06: unsafe use of \' in a string literal
at 8
hint Use '' to write quotes in strings. \' is insecure in client-only encodings.

select e'it\'s'
---
ERROR 22P06: unsafe use of \' in a string literal
at 8
hint Use '' to write quotes in strings. \' is insecure in client-only encodings.

select 'it''s'
---
?column?
it's

set standard_conforming_strings = on
---
ok 0

select e'it\'s', 1
---
ERROR 22P06: unsafe use of \' in a string literal
at 8
hint Use '' to write quotes in strings. \' is insecure in client-only encodings.

select 'it\', 'x'
---
?column? | ?column?
it\ | x

set backslash_quote = on
---
ok 0

select e'it\'s'
---
?column?
it's

set backslash_quote = maybe
---
ERROR 22023: invalid value for parameter "backslash_quote": "maybe"
hint Available values: safe_encoding, on, off.

set backslash_quote = 'true'
---
ok 0

show backslash_quote
---
backslash_quote
on

reset all
---
ok 0

show standard_conforming_strings
---
standard_conforming_strings
on
