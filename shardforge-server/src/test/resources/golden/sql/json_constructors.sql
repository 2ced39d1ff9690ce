# As the documentation of PostgreSQL 17 has it.

select json_object('a': 1, 'b': 'x', 'c': null), json_object('a': 1, 'c': null absent on null), json_object(), json_object('k' value json_array(1) format json returning jsonb)
---
json_object | json_object | json_object | json_object
{"a" : 1, "b" : "x", "c" : null} | {"a" : 1} | {} | {"k": [1]}

select json_object('a': 1, 'a': 2 with unique keys)
---
ERROR 22030: duplicate JSON object key value: "a"

select json_object('a': 1, 'a': 2), json_object('a': '{"x" : 1}' format json, 'b': '{"x": 1}'), json_object('a': jsonb '[1]' returning text)
---
json_object | json_object | json_object
{"a" : 1, "a" : 2} | {"a" : {"x" : 1}, "b" : "{\"x\": 1}"} | {"a" : [1]}

select json_object(null: 1)
---
ERROR 22004: null value not allowed for object key

select json_array(1, 'x', null, true), json_array(1, null null on null), json_array(), json_array('[1]' format json, array[1,2], row(1,2)), json_array(1 returning jsonb), pg_typeof(json_array(1 returning text))
---
json_array | json_array | json_array | json_array | json_array | pg_typeof
[1, "x", true] | [1, null] | [] | [[1], [1,2], {"f1":1,"f2":2}] | [1] | text

select json_array(select x from (values (1), (null), (3)) v(x) order by x), json_array(select 1 where false), json_array(values (1), (2) returning jsonb)
---
json_array | json_array | json_array
[1, 3] | NULL | [1, 2]

select json_arrayagg(x), json_arrayagg(x order by x desc null on null), json_arrayagg(x returning jsonb), json_arrayagg(x) filter (where x > 1) from (values (1), (null), (3)) v(x)
---
json_arrayagg | json_arrayagg | json_arrayagg | json_arrayagg
[1, 3] | [null, 3, 1] | [1, 3] | [3]

select json_arrayagg(x) from (values (null::int)) v(x)
---
json_arrayagg
[]

select json_arrayagg(x) from (values (1)) v(x) where false
---
json_arrayagg
NULL

select json_objectagg(k: v), json_objectagg(k: v absent on null), json_objectagg(k value v returning jsonb), json_objectagg(k: v absent on null with unique keys) from (values ('a', 1), ('b', null), ('c', 3)) t(k, v)
---
json_objectagg | json_objectagg | json_objectagg | json_objectagg
{ "a" : 1, "b" : null, "c" : 3 } | { "a" : 1, "c" : 3 } | {"a": 1, "b": null, "c": 3} | { "a" : 1, "c" : 3 }

select json_objectagg(k: v with unique keys) from (values ('a', 1), ('a', 2)) t(k, v)
---
ERROR 22030: duplicate JSON object key value: "a"

select json('{"a" : 1}'), json('{"a":1,"a":2}'), json(jsonb '{"a": 1}'), json('{"a":1,"a":2}' with unique keys)
---
ERROR 22030: duplicate JSON object key value

select json('{"a":')
---
ERROR 22P02: invalid input syntax for type json
at 13
detail The input string ended unexpectedly.

select json_scalar(1), json_scalar(1.50), json_scalar('x'), json_scalar(true), json_scalar(null), json_scalar(date '2024-01-02'), json_scalar(json '[1]')
---
json_scalar | json_scalar | json_scalar | json_scalar | json_scalar | json_scalar | json_scalar
1 | 1.50 | "x" | true | NULL | "2024-01-02" | [1]

select json_serialize('{ "a" : 1 }'), json_serialize(jsonb '{ "a" : 1 }'), json_serialize('[1]' returning bytea), pg_typeof(json_serialize('1' returning varchar))
---
json_serialize | json_serialize | json_serialize | pg_typeof
{ "a" : 1 } | {"a": 1} | \x5b315d | character varying

select js, js is json, js is not json as no, js is json object o, js is json array a, js is json scalar s, js is json with unique keys u from (values ('1'), ('{"a": 1}'), ('[1]'), ('x'), ('{"a":1,"a":2}'), (null), ('"s"')) v(js)
---
js | ?column? | no | o | a | s | u
1 | t | f | f | f | t | t
{"a": 1} | t | f | t | f | f | t
[1] | t | f | f | t | f | t
x | f | t | f | f | f | f
{"a":1,"a":2} | t | f | t | f | f | f
NULL | NULL | NULL | NULL | NULL | NULL | NULL
"s" | t | f | f | f | t | t

select jsonb '{}' is json object, json '[1]' is json array, '{}'::bytea is json, 'a'::text is json
---
?column? | ?column? | ?column? | ?column?
t | t | t | f

select 1 is json
---
ERROR 42804: cannot use type integer in IS JSON predicate
at 8

select json_arrayagg(x) over (order by x), json_object('n': count(*) over ()) from (values (1), (2)) v(x)
---
json_arrayagg | json_object
[1] | {"n" : 2}
[1, 2] | {"n" : 2}

create table j (a text check (a is json), check (a is not json array))
---
ok 0

insert into j values ('{}')
---
ok 1

insert into j values ('{')
---
ERROR 23514: new row for relation "j" violates check constraint "j_a_check"
detail Failing row contains ({).

insert into j values ('[]')
---
ERROR 23514: new row for relation "j" violates check constraint "j_a_check1"
detail Failing row contains ([]).

table j
---
a
{}

create view jv as select json_object('a': a) o, json_array(1, 2) from j where a is json object
---
ok 0

select * from jv
---
o | json_array
{"a" : "{}"} | [1, 2]

select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'j'::regclass order by conname
---
pg_get_constraintdef
CHECK ((a IS JSON))
CHECK ((NOT (a IS JSON ARRAY)))

select json_object('a': 1 returning varchar(3))
---
ERROR 22001: value too long for type character varying(3)

drop view jv
---
ok 0

drop table j
---
ok 0

select json_array(select 1, 2)
---
ERROR 42601: subquery must return only one column
at 8

select json_array(select * from (values (1, 2)) v)
---
ERROR 42601: subquery must return only one column
at 8

select json_array(values (1, 2))
---
ERROR 42601: subquery must return only one column
at 8

select json_array(select * from (values (1), (2)) v), json_array(select 5 union all select 6), json_array(select v.x from (values ('a')) v(x))
---
json_array | json_array | json_array
[1, 2] | [5, 6] | ["a"]
