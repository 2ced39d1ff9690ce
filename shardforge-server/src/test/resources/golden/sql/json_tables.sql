create table boxes (id int primary key, doc jsonb)
---
ok 0

insert into boxes values (1, '{"name": "first", "rows": [{"a": 1, "b": "x", "sub": [10, 11], "also": ["p"]}, {"a": "2", "b": null}, {"b": {"c": [1]}, "also": ["q", "r"]}]}'), (2, '{"name": "second"}'), (3, '[]'), (4, null)
---
ok 4

select id, t.* from boxes, json_table(doc, '$.rows[*]' columns (n for ordinality, a int, b text, whole jsonb path '$')) t order by id, n
---
id | n | a | b | whole
1 | 1 | 1 | x | {"a": 1, "b": "x", "sub": [10, 11], "also": ["p"]}
1 | 2 | 2 | NULL | {"a": "2", "b": null}
1 | 3 | NULL | NULL | {"b": {"c": [1]}, "also": ["q", "r"]}

select id, t.* from boxes left join json_table(doc, '$.rows[*]' columns (n for ordinality, a int, has bool exists path '$.sub', many int exists path '$.also[1]', said text exists path 'strict $.sub' unknown on error)) t on true order by id, n
---
id | n | a | has | many | said
1 | 1 | 1 | t | 0 | true
1 | 2 | 2 | f | 0 | NULL
1 | 3 | NULL | f | 1 | NULL
2 | NULL | NULL | NULL | NULL | NULL
3 | NULL | NULL | NULL | NULL | NULL
4 | NULL | NULL | NULL | NULL | NULL

select id, t.* from boxes, json_table(doc, '$' columns (name text, nested path '$.rows[*]' as r columns (n for ordinality, a int default -1 on empty default -2 on error, nested '$.sub[*]' columns (s int path '$'), nested path '$.also[*]' columns (m for ordinality, l text path '$')), late text path '$.name')) t order by id, n, s, m
---
id | name | late | n | a | s | m | l
1 | first | first | 1 | 1 | 10 | NULL | NULL
1 | first | first | 1 | 1 | 11 | NULL | NULL
1 | first | first | 1 | 1 | NULL | 1 | p
1 | first | first | 2 | 2 | NULL | NULL | NULL
1 | first | first | 3 | -1 | NULL | 1 | q
1 | first | first | 3 | -1 | NULL | 2 | r
2 | second | second | NULL | NULL | NULL | NULL | NULL
3 | NULL | NULL | NULL | NULL | NULL | NULL | NULL

select * from json_table('[1, "2", "x", null, [3], {"v": 4}]', '$[*]' columns (n for ordinality, i int path '$', t text path '$', c char(2) path '$', f text format json path '$', q text format json path '$' omit quotes, w jsonb path '$' with wrapper, l int[] path '$' null on error, v int)) t
---
n | i | t | c | f | q | w | l | v
1 | 1 | 1 | 1  | 1 | 1 | [1] | NULL | NULL
2 | 2 | 2 | 2  | "2" | 2 | ["2"] | NULL | NULL
3 | NULL | x | x  | "x" | x | ["x"] | NULL | NULL
4 | NULL | NULL | NULL | null | null | [null] | NULL | NULL
5 | NULL | NULL | NULL | [3] | [3] | [[3]] | {3} | NULL
6 | NULL | NULL | NULL | {"v": 4} | {"v": 4} | [{"v": 4}] | NULL | 4

select * from json_table('[1, 2, 3]', '$[*] ? (@ < $high)' passing 3 as high, 10 as add columns (v int path '$', w int path '$ + $add', nested path '$ ? (@ > 1)' columns (x int path '$ * $add'))) t
---
v | w | x
1 | 11 | NULL
2 | 12 | 20

select * from json_table('1', 'strict $.a' columns (v int path '$'))
---
v

select * from json_table('1', 'strict $.a' columns (v int path '$') empty array on error)
---
v

select * from json_table('1', 'strict $.a' columns (v int path '$') error on error)
---
ERROR 2203A: jsonpath member accessor can only be applied to an object

select * from json_table('1', '$' columns (v int path '$', nested path 'strict $.b' columns (w int path '$')) error on error)
---
ERROR 2203A: jsonpath member accessor can only be applied to an object

select * from json_table('1', '$' columns (v int path '$' error on error, w int path '$.a' error on empty) empty on error)
---
ERROR 22035: no SQL/JSON item found for specified path of column "w"

select * from json_table('"x"', '$' columns (v int path '$' error on error))
---
ERROR 22P02: invalid input syntax for type integer: "x"

select * from json_table('[1, 2]', '$' columns (v int path '$[*]' error on error))
---
ERROR 22034: JSON path expression for column "v" should return single scalar item

select * from json_table('[1, 2]', '$' columns (v json path '$[*]' error on error))
---
ERROR 22034: JSON path expression for column "v" should return single item without wrapper
hint Use the WITH WRAPPER clause to wrap SQL/JSON items into an array.

select * from json_table('1', '$' columns (v smallint exists path '$'))
---
ERROR 42804: could not coerce ON ERROR expression (FALSE) to the RETURNING type
detail invalid input syntax for type smallint: "false"

select * from json_table('1', '$' columns (v smallint exists path '$' error on error))
---
ERROR 22P02: invalid input syntax for type smallint: "true"

select * from json_table('[1, 2]', '$[*]' columns (v int path '$', w int path '$')) as t(a) where a > 1
---
a | w
2 | 2

select * from json_table('[1, 2]', '$[*]' columns (v int path '$')) as t(a, b)
---
ERROR 42P10: JSON_TABLE function has 1 columns available but 2 columns specified

select * from json_table('1', '$' columns (v int) default 1 on error)
---
ERROR 42601: invalid ON ERROR behavior
at 51
detail Only EMPTY [ ARRAY ] or ERROR is allowed in the top-level ON ERROR clause.

select * from json_table('1', '$' columns (v int true on empty))
---
ERROR 42601: invalid ON EMPTY behavior for column "v"
at 50
detail Only ERROR, NULL, or DEFAULT expression is allowed in ON EMPTY for scalar columns.

select * from json_table('1', '$' columns (v int[] false on error))
---
ERROR 42601: invalid ON ERROR behavior for column "v"
at 52
detail Only ERROR, NULL, EMPTY ARRAY, EMPTY OBJECT, or DEFAULT expression is allowed in ON ERROR for formatted columns.

select * from json_table('1', '$' columns (v int exists null on error))
---
ERROR 42601: invalid ON ERROR behavior for column "v"
at 57
detail Only ERROR, TRUE, FALSE, or UNKNOWN is allowed in ON ERROR for EXISTS columns.

select * from json_table('1', '$' columns (a for ordinality, b for ordinality))
---
ERROR 42601: cannot use more than one FOR ORDINALITY column
at 62

select * from json_table('1', '$' columns (a int, a text))
---
ERROR 42712: duplicate JSON_TABLE column or path name: a
at 51

select * from json_table('1', '$' as a columns (a int))
---
ERROR 42712: duplicate JSON_TABLE column or path name: a
at 49

select * from json_table('1', '$' as a columns (b int, nested path '$' as b columns (c int)))
---
ERROR 42712: duplicate JSON_TABLE column or path name: b
at 75

select * from json_table('1', '$' || 'a' columns (a int))
---
ERROR 0A000: only string constants are supported in JSON_TABLE path specification
at 31

select * from json_table('1', '$.' columns (a int))
---
ERROR 42601: syntax error at end of jsonpath input
at 31

select * from json_table('1', '$' columns (a text path '$' with wrapper omit quotes))
---
ERROR 42601: SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used
at 44

select json_table('1', '$' columns (a int))
---
ERROR 42601: syntax error at or near "("
at 18

select * from json_table('[1, 2]', '$[*]' columns (v int path '$')) a join json_table('[2, 3]', '$[*]' columns (v int path '$')) b using (v)
---
v
2

select * from json_table(a.v, '$' columns (w int path '$')), (values (jsonb '1')) a(v)
---
ERROR 42P01: missing FROM-clause entry for table "a"
at 26

select * from (values (jsonb '1')) a(v) full join json_table(a.v, '$' columns (w int path '$')) t on true
---
ERROR 42P10: invalid reference to a FROM-clause entry on the left of the join
detail The combining JOIN type must be INNER or LEFT for a LATERAL reference.

with items as (select * from json_table('[3, 4]', '$[*]' columns (v int path '$'))) select sum(v), (select count(*) from json_table('[1]', '$[*]' columns (a int path '$')) where a < max(items.v)) from items
---
sum | count
7 | 1

create view unpacked as select b.id, t.* from boxes b, json_table(b.doc, '$.rows[*]' as rows passing b.id + 1 as x, (b.id = 1 or b.doc is null) as "y z" columns (n for ordinality, a int default (1 + 1) * 2 on empty, e text exists path '$.a' unknown on error, f json format json path '$.b' with conditional wrapper keep quotes, nested path '$.also[*]' columns (l varchar(10) path '$' null on empty error on error))) t
---
ok 0

select * from unpacked order by id, n, l
---
id | n | a | e | f | l
1 | 1 | 1 | true | "x" | p
1 | 2 | 2 | true | null | NULL
1 | 3 | 4 | false | {"c": [1]} | q
1 | 3 | 4 | false | {"c": [1]} | r

alter table boxes rename doc to content
---
ok 0

select count(*), max(n), min(l) from unpacked
---
count | max | min
4 | 3 | p

create table taken as select * from unpacked
---
ok 4

insert into taken (id, l) select v, w from json_table('[{"v": 8, "w": "new"}]', '$[*]' columns (v int, w text))
---
ok 1

update taken set l = t.w from json_table('[{"v": 8, "w": "newer"}]', '$[*]' columns (v int, w text)) t where t.v = id
---
ok 1

delete from taken using json_table('[1]', '$[*]' columns (v int path '$')) t where t.v = id
---
ok 4

select id, l from taken
---
id | l
8 | newer

drop view unpacked
---
ok 0

drop table taken, boxes
---
ok 0
