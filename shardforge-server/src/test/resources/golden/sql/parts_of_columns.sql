# Assignments to parts of columns: elements and slices of arrays.
CREATE TABLE parts (id int PRIMARY KEY, a int[], b text[], m int[], n int DEFAULT 7)
---
ok 0

INSERT INTO parts VALUES (1, NULL, '{x,y,z}', '{{1,2,3},{4,5,6}}'), (2, '{}', NULL, NULL), (3, '{1,2,3}', '{}', '[0:1]={8,9}')
---
ok 3

UPDATE parts SET a[1] = 10
---
ok 3

SELECT id, a FROM parts ORDER BY id
---
id | a
1 | {10}
2 | {10}
3 | {10,2,3}

UPDATE parts SET a[5] = 50 WHERE id = 1
---
ok 1

UPDATE parts SET a[-1] = -10 WHERE id = 2
---
ok 1

UPDATE parts SET a[2:3] = '{22,33,44}' WHERE id = 3
---
ok 1

SELECT id, a FROM parts ORDER BY id
---
id | a
1 | {10,NULL,NULL,NULL,50}
2 | [-1:1]={-10,NULL,10}
3 | {10,22,33}

UPDATE parts SET a[1] = 1, a[3] = 3, b[1] = 'one', a[2] = a[1] + 100, n = n + 1 RETURNING *
---
id | a | b | m | n
1 | {1,110,3,NULL,50} | {one,y,z} | {{1,2,3},{4,5,6}} | 8
2 | [-1:3]={-10,NULL,1,110,3} | {one} | NULL | 8
3 | {1,110,3} | {one} | [0:1]={8,9} | 8

UPDATE parts SET (a[1], b[2]) = (11, 'two') WHERE id = 3 RETURNING a, b
---
a | b
{11,110,3} | {one,two}

UPDATE parts SET (a[1], a[2]) = (SELECT 5, 6) WHERE id = 3 RETURNING a
---
a
{5,6,3}

UPDATE parts SET m[2][3] = 60 WHERE id = 1 RETURNING m
---
m
{{1,2,3},{4,5,60}}

UPDATE parts SET m[1:2][2] = '{{70,80},{90,100}}' WHERE id = 1 RETURNING m
---
m
{{70,80,3},{90,100,60}}

UPDATE parts SET m[1:2][2:3] = '{{7,8},{9,10}}' WHERE id = 1 RETURNING m
---
m
{{70,7,8},{90,9,10}}

UPDATE parts SET m[2:2] = '{1,2,3}' WHERE id = 1 RETURNING m
---
m
{{70,7,8},{1,2,3}}

UPDATE parts SET m[1][1] = 5 WHERE id = 2 RETURNING m
---
m
{{5}}

UPDATE parts SET m[-2] = 5 WHERE id = 3 RETURNING m
---
m
[-2:1]={5,NULL,8,9}

UPDATE parts SET m[3:4] = '{30,40}' WHERE id = 3 RETURNING m
---
m
[-2:4]={5,NULL,8,9,NULL,30,40}

UPDATE parts SET m[:0] = '{1,1,1,1,1}' WHERE id = 3 RETURNING m
---
m
[-2:4]={1,1,1,9,NULL,30,40}

UPDATE parts SET m[3:] = '{2,2}' WHERE id = 3 RETURNING m
---
m
[-2:4]={1,1,1,9,NULL,2,2}

UPDATE parts SET m[:] = '{0,0,0,0,0,0,0,0,0}' WHERE id = 3 RETURNING m
---
m
[-2:4]={0,0,0,0,0,0,0}

UPDATE parts SET m[3:4] = NULL WHERE id = 3 RETURNING m
---
m
[-2:4]={0,0,0,0,0,0,0}

UPDATE parts SET m[3] = NULL WHERE id = 3 RETURNING m
---
m
[-2:4]={0,0,0,0,0,NULL,0}

UPDATE parts SET m = NULL WHERE id = 3
---
ok 1

UPDATE parts SET m[1:2] = NULL WHERE id = 3 RETURNING m
---
m
{}

UPDATE parts SET m[2:3] = '{2,3}' WHERE id = 3 RETURNING m
---
m
[2:3]={2,3}

UPDATE parts SET a[n - 7] = id WHERE id = 1 RETURNING a
---
a
{1,110,3,NULL,50}

UPDATE parts SET a[1] = 4.6, b[1] = 5 WHERE id = 1 RETURNING a, b
---
a | b
{5,110,3,NULL,50} | {5,y,z}

# What is refused.
UPDATE parts SET m[1] = 1 WHERE id = 1
---
ERROR 2202E: wrong number of array subscripts

UPDATE parts SET m[1][1][1] = 1 WHERE id = 1
---
ERROR 2202E: wrong number of array subscripts

UPDATE parts SET m[3][1] = 1 WHERE id = 1
---
ERROR 2202E: array subscript out of range

UPDATE parts SET m[1:3] = '{1,2}' WHERE id = 1
---
ERROR 2202E: array subscript out of range

UPDATE parts SET m[1:2] = '{1,2}' WHERE id = 1
---
ERROR 2202E: source array too small

UPDATE parts SET a[1:2] = '{1}' WHERE id = 3
---
ERROR 2202E: source array too small

UPDATE parts SET a[2:1] = '{1}' WHERE id = 3
---
ERROR 2202E: upper bound cannot be less than lower bound

UPDATE parts SET a[NULL] = 1 WHERE id = 3
---
ERROR 22004: array subscript in assignment must not be null

UPDATE parts SET a[NULL:2] = '{1}' WHERE id = 3
---
ERROR 22004: array subscript in assignment must not be null

UPDATE parts SET m = '{}' WHERE id = 3
---
ok 1

UPDATE parts SET m[:2] = '{1,2}' WHERE id = 3
---
ERROR 2202E: array slice subscript must provide both boundaries
detail When assigning to a slice of an empty array value, slice boundaries must be fully specified.

UPDATE parts SET m[2:0] = '{1,2}' WHERE id = 3
---
ERROR 54000: array size exceeds the maximum allowed (134217727)

UPDATE parts SET m[2:1] = '{1,2}' WHERE id = 3 RETURNING m
---
m
{}

UPDATE parts SET a[200000000] = 1 WHERE id = 3
---
ERROR 54000: array size exceeds the maximum allowed (134217727)

UPDATE parts SET a[1] = 'x' WHERE id = 3
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 25

UPDATE parts SET a[1] = true WHERE id = 3
---
ERROR 42804: subscripted assignment to "a" requires type integer but expression is of type boolean
at 18
hint You will need to rewrite or cast the expression.

UPDATE parts SET a[1:2] = 3 WHERE id = 3
---
ERROR 42804: subscripted assignment to "a" requires type integer[] but expression is of type integer
at 18
hint You will need to rewrite or cast the expression.

UPDATE parts SET a['x'] = 3 WHERE id = 3
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 20

UPDATE parts SET a[true] = 3 WHERE id = 3
---
ERROR 42804: array subscript must have type integer
at 20

UPDATE parts SET a[1] = DEFAULT WHERE id = 3
---
ERROR 0A000: cannot set an array element to DEFAULT
at 18

UPDATE parts SET a[1] = 1, a = '{}' WHERE id = 3
---
ERROR 42601: multiple assignments to same column "a"

UPDATE parts SET a = '{}', a[1] = 1 WHERE id = 3
---
ERROR 42601: multiple assignments to same column "a"

UPDATE parts SET n[1] = 1
---
ERROR 42804: cannot subscript type integer because it does not support subscripting
at 18

UPDATE parts SET n.x = 1
---
ERROR 42804: cannot assign to field "x" of column "n" because its type integer is not a composite type
at 18

UPDATE parts SET a[1].x = 1
---
ERROR 42804: cannot assign to field "x" of column "a" because its type integer is not a composite type
at 18

UPDATE parts SET a[1][1][1][1][1][1][1] = 1
---
ERROR 54000: number of array dimensions (7) exceeds the maximum allowed (6)

# In rows that are inserted the other parts are missing, whatever the column's default is.
DELETE FROM parts
---
ok 3

ALTER TABLE parts ALTER a SET DEFAULT '{9,9,9}'
---
ok 0

INSERT INTO parts (id, a[1], a[3], b[2:3]) VALUES (1, 10, 30, '{p,q}'), (2, 11, NULL, '{r,s}') RETURNING *
---
id | a | b | m | n
1 | {10,NULL,30} | [2:3]={p,q} | NULL | 7
2 | {11,NULL,NULL} | [2:3]={r,s} | NULL | 7

INSERT INTO parts (id, a[2], b[1]) SELECT 3, 5, 'x' RETURNING *
---
id | a | b | m | n
3 | [2:2]={5} | {x} | NULL | 7

INSERT INTO parts (a[1], id, a[2]) VALUES (1, 4, 2) RETURNING a
---
a
{1,2}

INSERT INTO parts (id, a, a[1]) VALUES (5, '{}', 1)
---
ERROR 42701: column "a" specified more than once
at 27

INSERT INTO parts (id, a[1], a) VALUES (5, 1, '{}')
---
ERROR 42701: column "a" specified more than once
at 30

INSERT INTO parts (id, a[1]) VALUES (5, DEFAULT)
---
ERROR 0A000: cannot set an array element to DEFAULT
at 24

INSERT INTO parts (id, a[1], a[2]) VALUES (5, 1)
---
ERROR 42601: INSERT has more target columns than expressions
at 30

INSERT INTO parts (id, a[1]) VALUES (5, true)
---
ERROR 42804: subscripted assignment to "a" requires type integer but expression is of type boolean
at 24
hint You will need to rewrite or cast the expression.

INSERT INTO parts (id, a[1]) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET a[2] = excluded.a[1], a[5] = parts.a[1], b[1] = 'again' RETURNING a, b
---
a | b
{10,1,30,NULL,10} | {again,p,q}

MERGE INTO parts p USING (VALUES (1, 77), (9, 99)) v (id, x) ON p.id = v.id WHEN MATCHED THEN UPDATE SET a[1] = x, a[2] = x + 1 WHEN NOT MATCHED THEN INSERT (id, a[2], a[3]) VALUES (v.id, x, x + 1)
---
ok 2

SELECT id, a, b FROM parts ORDER BY id
---
id | a | b
1 | {77,78,30,NULL,10} | {again,p,q}
2 | {11,NULL,NULL} | [2:3]={r,s}
3 | [2:2]={5} | {x}
4 | {1,2} | NULL
9 | [2:3]={99,100} | NULL

PREPARE part AS UPDATE parts SET a[$2] = $3 WHERE id = $1 RETURNING a
---
ok 0

EXECUTE part(9, 1, 5)
---
a
{5,99,100}

CREATE VIEW parts_seen AS SELECT id, a AS numbers FROM parts
---
ok 0

UPDATE parts_seen SET numbers[2] = 0 WHERE id = 9 RETURNING numbers
---
numbers
{5,0,100}

INSERT INTO parts_seen (id, numbers[2]) VALUES (10, 6) RETURNING *
---
id | numbers
10 | [2:2]={6}

DROP VIEW parts_seen
---
ok 0

DROP TABLE parts
---
ok 0

# A domain over arrays judges the value that all parts make.
CREATE DOMAIN pair AS int[] CHECK (array_length(VALUE, 1) = 2)
---
ok 0

CREATE TABLE pairs (id int PRIMARY KEY, p pair)
---
ok 0

INSERT INTO pairs (id, p[1], p[2]) VALUES (1, 1, 2) RETURNING *
---
id | p
1 | {1,2}

INSERT INTO pairs (id, p[1]) VALUES (2, 1)
---
ERROR 23514: value for domain pair violates check constraint "pair_check"
type public.pair pair_check

UPDATE pairs SET p[1] = 3, p[2] = 4 RETURNING *
---
id | p
1 | {3,4}

UPDATE pairs SET p[3] = 3
---
ERROR 23514: value for domain pair violates check constraint "pair_check"
type public.pair pair_check

DROP TABLE pairs
---
ok 0

DROP DOMAIN pair
---
ok 0
