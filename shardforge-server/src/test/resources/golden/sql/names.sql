# Names taken apart.
SELECT parse_ident('a.B."C d"'), parse_ident(' x . "y""z" '), parse_ident('_a$1'), parse_ident('x y', false)
---
parse_ident | parse_ident | parse_ident | parse_ident
{a,b,"C d"} | {x,"y\"z"} | {_a$1} | {x}

SELECT parse_ident('x y')
---
ERROR 22023: string is not a valid identifier: "x y"

SELECT parse_ident('')
---
ERROR 22023: string is not a valid identifier: ""

SELECT parse_ident('a.')
---
ERROR 22023: string is not a valid identifier: "a."
detail No valid identifier after ".".

SELECT parse_ident('.a')
---
ERROR 22023: string is not a valid identifier: ".a"
detail No valid identifier before ".".

SELECT parse_ident('"a')
---
ERROR 22023: string is not a valid identifier: ""a"
detail String has unclosed double quotes.

SELECT parse_ident('a.""')
---
ERROR 22023: string is not a valid identifier: "a."""
detail Quoted identifier must not be empty.

SELECT parse_ident('1a')
---
ERROR 22023: string is not a valid identifier: "1a"

SELECT parse_ident('x+', strict => false), parse_ident(NULL)
---
parse_ident | parse_ident
{x} | NULL

# A view by its name.
CREATE VIEW named AS SELECT 1 AS x
---
ok 0

SELECT pg_get_viewdef('named') = pg_get_viewdef('named'::regclass), pg_get_viewdef('public.named', true) = pg_get_viewdef('named'::regclass, true)
---
?column? | ?column?
t | t

SELECT pg_get_viewdef('nothere')
---
ERROR 42P01: relation "nothere" does not exist

DROP VIEW named
---
ok 0

# Widths of format() that are arguments of any type.
SELECT format('%*s|%-*s|%*s|', 5, 'a', 5, 'b', -5, 'c'), format('%2$*1$s|', 6, 'x'), format('%*s|', '7', 'y'), format('%*s', NULL, 'x')
---
format | format | format | format
    a|b    |c    | |      x| |       y| | x

SELECT format('%*s|', 'w', 'y')
---
ERROR 22P02: invalid input syntax for type integer: "w"
