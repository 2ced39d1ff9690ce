select * from json_to_recordset('[{"a":1,"b":null,"c":null,"d":"x"},{"a":"2","b":{"x" :1},"c":[1, 2],"d":{"q":1}}]') as x(a int, b jsonb, c json, d text)
---
a | b | c | d
1 | NULL | NULL | x
2 | {"x": 1} | [1, 2] | {"q":1}

select * from json_to_recordset('[{"a":1},null]') as x(a int)
---
ERROR 22023: argument of json_to_recordset must be an array of objects

select * from json_to_recordset('[{"a":1},3]') as x(a int)
---
ERROR 22023: argument of json_to_recordset must be an array of objects

select * from json_to_recordset('{"a":1}') as x(a int)
---
ERROR 22023: cannot call json_to_recordset on an object

select * from json_to_recordset('3') as x(a int)
---
ERROR 22023: cannot call json_to_recordset on a scalar

select * from jsonb_to_recordset('3') as x(a int)
---
ERROR 22023: cannot call jsonb_to_recordset on a non-array

select * from jsonb_to_recordset('{"a":1}') as x(a int)
---
ERROR 22023: cannot call jsonb_to_recordset on a non-array

select * from jsonb_to_recordset('[{"a":1},3]') as x(a int)
---
ERROR 22023: argument of jsonb_to_recordset must be an array of objects

select * from json_to_record('[]') as x(a int)
---
ERROR 22023: cannot call populate_composite on an array

select * from jsonb_to_record('[]') as x(a int)
---
ERROR 22023: cannot call populate_composite on an array

select * from jsonb_to_record('3') as x(a int)
---
ERROR 22023: cannot call populate_composite on a scalar

select * from jsonb_to_record(null) as x(a int)
---
a
NULL

select * from jsonb_to_recordset(null) as x(a int)
---
a

select json_to_record('{}')
---
ERROR 0A000: could not determine row type for result of json_to_record
hint Provide a non-null record argument, or call the function in the FROM clause using a column definition list.

select jsonb_to_recordset('[]')
---
ERROR 0A000: could not determine row type for result of jsonb_to_recordset
hint Provide a non-null record argument, or call the function in the FROM clause using a column definition list.

select * from json_to_record('{}')
---
ERROR 42601: a column definition list is required for functions returning "record"
at 15

select * from json_each('{}') as x(a int)
---
ERROR 42601: a column definition list is redundant for a function with OUT parameters
at 36

select * from generate_series(1,2) as x(a int)
---
ERROR 42601: a column definition list is only allowed for functions returning "record"
at 41

select * from json_to_record('{"a":"abc"}') as x(a int)
---
ERROR 22P02: invalid input syntax for type integer: "abc"

select * from json_to_record('{"a":"abc"}') as x(a varchar(2))
---
ERROR 22001: value too long for type character varying(2)

select * from json_to_record('{"a":[1,2],"b":["x","y \"q\" \\",null,{"k":1}],"c":[[1,2],[3,4]],"d":"{5,6}"}') as x(a int[], b text[], c int[], d int[], e text[])
---
a | b | c | d | e
{1,2} | {x,"y \"q\" \\",NULL,"{\"k\":1}"} | {{1,2},{3,4}} | {5,6} | NULL

select * from json_to_record('{"a":3}') as x(a int[])
---
ERROR 22P02: expected JSON array
hint See the value of key "a".

select * from json_to_recordset('[{"a":1}]') with ordinality as x(a int)
---
ERROR 42601: WITH ORDINALITY cannot be used with a column definition list
at 67
hint Put the column definition list inside ROWS FROM().

select * from json_to_recordset('[{"a":1}]') as (a int, b text)
---
a | b
1 | NULL

select * from json_to_recordset('[{"a":1}]') as x(a int, a text)
---
ERROR 42701: column name "a" specified more than once

create table jr_u (id int primary key, n text, at timestamptz, p numeric(6,2), ok bool)
---
ok 0

insert into jr_u select * from jsonb_to_recordset('[{"id":1,"n":"one","at":"2020-01-01T00:00:00Z","p":1.005,"ok":true},{"id":2,"p":"3"}]') as x(id int, n text, at timestamptz, p numeric(6,2), ok bool) returning *
---
id | n | at | p | ok
1 | one | 2020-01-01 00:00:00+00 | 1.01 | t
2 | NULL | NULL | 3.00 | NULL

select x.*, u.n from jr_u u, lateral json_to_recordset(json_build_array(json_build_object('id', u.id, 'z', u.p))) as x(id int, z float8) order by 1
---
id | z | n
1 | 1.01 | one
2 | 3 | NULL

select count(*), sum(a) from json_to_recordset((select json_agg(json_build_object('a', g)) from generate_series(1, 100) g)) as x(a int) where a % 2 = 0
---
count | sum
50 | 2550

prepare q(json) as select id from json_to_recordset($1) as x(id int)
---
ok 0

execute q('[{"id":7},{"id":null},{}]')
---
id
7
NULL
NULL

select coalesce(a, 0), x from jsonb_to_record('{"a":"12"}') as x(a int)
---
coalesce | x
12 | (12)

create view jr_v as select * from json_to_recordset('[{"a":1,"B":[1]}]') as x(a int, "B" int[])
---
ok 0

select * from jr_v
---
a | B
1 | {1}

select pg_get_viewdef('jr_v'::regclass) is not null
---
?column?
t

drop view jr_v
---
ok 0

drop table jr_u
---
ok 0

deallocate q
---
ok 0
