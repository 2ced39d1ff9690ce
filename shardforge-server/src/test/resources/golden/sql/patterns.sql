select substring('aaabbb' similar 'a*#"%#"b*' escape '#'), substring('one,two,three' similar '%,#"%#",%' escape '#')
---
substring | substring
aaabbb | two

select regexp_match('key = value = more', '(\w+?) = (.*)'), regexp_match('<i><b>', '<.*?>'), regexp_match('x<i><b>', 'x+<.*?>')
---
regexp_match | regexp_match | regexp_match
{key,""} | {<i>} | {x<i><b>}

select regexp_replace('aXbXc', '.*?X', '-'), regexp_replace('  aXbXc', ' *(.*?)X', '-'), regexp_match('abc', '^(a*?)(.*)$')
---
regexp_replace | regexp_replace | regexp_match
-bXc | -c | {"",abc}

select regexp_match('num 0042', '(?:(\D*?)(\d+)){1,1}'), regexp_match('a.b(c', '[.(]'), 'a{b' ~ 'a{b'
---
regexp_match | regexp_match | ?column?
{"num ",0042} | {.} | t

select 'x' ~ 'x**'
---
ERROR 2201B: invalid regular expression: quantifier operand invalid

select 'x' ~ 'a{2'
---
ERROR 2201B: invalid regular expression: braces {} not balanced

select 'a%' similar to '_[_%]', 'ab' similar to '_[_%]', '.5' similar to '[.[:digit:]]+', 'x5' similar to '[.[:digit:]]+'
---
?column? | ?column? | ?column? | ?column?
t | f | t | f

select ']' similar to '[]_]', 'q' similar to '[]_]', 'q' similar to '[^]_]', '^' similar to '[a^]', '(' similar to '[(]'
---
?column? | ?column? | ?column? | ?column? | ?column?
t | f | t | t | t

select regexp_matches(E'1\n2\n', '^.?', 'gn')
---
regexp_matches
{1}
{2}
{""}

select regexp_split_to_array('ab cd  e', '\s*'), regexp_split_to_array('abc', ''), regexp_split_to_array(',a,,b,', ',')
---
regexp_split_to_array | regexp_split_to_array | regexp_split_to_array
{a,b,c,d,e} | {a,b,c} | {"",a,"",b,""}

select regexp_replace(E'a\nb\n', '^', '> ', 'gn')
---
regexp_replace
> a\n> b\n>
