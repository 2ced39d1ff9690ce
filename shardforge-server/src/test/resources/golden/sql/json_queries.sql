create domain positive as int not null check (value > 0)
---
ok 0

create table orders (id int primary key, doc jsonb)
---
ok 0

insert into orders values (1, '{"no": 17, "open": true, "total": "12.50", "tags": ["a", "b"], "at": "2024-02-29", "who": null}'), (2, '{"no": "x", "tags": []}'), (3, '[1, 2]'), (4, null)
---
ok 4

select id, json_exists(doc, '$.tags[*]'), json_exists(doc, 'strict $.tags'), json_exists(doc, 'strict $.tags' unknown on error), json_exists(doc, 'strict $.tags' true on error) from orders order by id
---
id | json_exists | json_exists | json_exists | json_exists
1 | t | t | t | t
2 | f | t | t | t
3 | f | f | NULL | t
4 | NULL | NULL | NULL | NULL

select json_exists(doc, 'strict $.tags' error on error) from orders where id = 3
---
ERROR 2203A: jsonpath member accessor can only be applied to an object

select id, json_value(doc, '$.no'), json_value(doc, '$.no' returning int), json_value(doc, '$.no' returning int default -1 on error), json_value(doc, '$.no' returning int default 0 on empty default -1 on error) from orders order by id
---
id | json_value | json_value | json_value | json_value
1 | 17 | 17 | 17 | 17
2 | x | NULL | -1 | -1
3 | NULL | NULL | NULL | 0
4 | NULL | NULL | NULL | NULL

select json_value(doc, '$.no' returning int error on error) from orders where id = 2
---
ERROR 22P02: invalid input syntax for type integer: "x"

select json_value(doc, '$.open'), json_value(doc, '$.open' returning boolean), json_value(doc, '$.open' returning json), json_value(doc, '$.total' returning numeric(6, 1)), json_value(doc, '$.at' returning date) + 1, json_value(doc, '$.who'), json_value(doc, '$.tags') from orders where id = 1
---
json_value | json_value | json_value | json_value | ?column? | json_value | json_value
t | t | true | 12.5 | 2024-03-01 | NULL | NULL

select json_value(doc, '$.tags' error on error) from orders where id = 1
---
ERROR 2203F: JSON path expression in JSON_VALUE should return single scalar item

select json_value(doc, '$.tags[*]' error on error) from orders where id = 1
---
ERROR 22034: JSON path expression in JSON_VALUE should return single scalar item

select json_value(doc, '$.nothing' error on empty) from orders where id = 1
---
ERROR 22035: no SQL/JSON item found for specified path

select json_value(doc, '$.nothing' error on empty null on error) from orders where id = 1
---
ERROR 22035: no SQL/JSON item found for specified path

select json_value(doc, '$.total' returning char(3)), json_value(doc, '$.tags[0]' returning char(3)), json_value(doc, '$.tags[0]' returning bytea) from orders where id = 1
---
json_value | json_value | json_value
NULL | a   | \x61

select json_value(doc, '$.total' returning char(3) error on error) from orders where id = 1
---
ERROR 22001: value too long for type character(3)

select json_value(doc, '$.who' returning positive) from orders where id = 1
---
ERROR 42804: could not coerce ON ERROR expression (NULL) to the RETURNING type
detail domain positive does not allow null values

select json_value(doc, '$.who' returning positive error on error) from orders where id = 1
---
ERROR 23502: domain positive does not allow null values
type public.positive

select json_value(doc, '$.no' returning positive), json_value(doc, '$.nothing' returning positive default 3 on empty) from orders where id = 1
---
json_value | json_value
17 | 3

select json_value('-4', '$' returning positive default '-5' on error)
---
ERROR 42804: could not coerce ON ERROR expression (DEFAULT) to the RETURNING type
detail value for domain positive violates check constraint "positive_check"

select json_query(doc, '$.tags'), json_query(doc, '$.tags[0]'), json_query(doc, '$.tags[0]' omit quotes), json_query(doc, '$.tags[0]' returning text), json_query(doc, '$.tags[0]' returning text omit quotes) from orders where id = 1
---
json_query | json_query | json_query | json_query | json_query
["a", "b"] | "a" | NULL | "a" | a

select json_query(doc, '$.tags[*]'), json_query(doc, '$.tags[*]' with wrapper), json_query(doc, '$.tags[*]' with conditional wrapper), json_query(doc, '$.tags[0]' with conditional wrapper), json_query(doc, '$.tags[0]' with unconditional array wrapper) from orders where id = 1
---
json_query | json_query | json_query | json_query | json_query
NULL | ["a", "b"] | ["a", "b"] | "a" | ["a"]

select json_query(doc, '$.tags[*]' error on error) from orders where id = 1
---
ERROR 22034: JSON path expression in JSON_QUERY should return single item without wrapper
hint Use the WITH WRAPPER clause to wrap SQL/JSON items into an array.

select json_query(doc, '$.tags[0]' with wrapper omit quotes) from orders
---
ERROR 42601: SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used
at 8

select json_query(doc, '$.tags' returning text[]), json_query(doc, '$.tags' returning jsonb[]), json_query(doc, '$.no' returning int[]), json_query(doc, '$.tags' returning varchar(4)), json_query(doc, '$.tags' returning bytea format json encoding utf8) from orders where id = 1
---
json_query | json_query | json_query | json_query | json_query
{a,b} | {"\"a\"","\"b\""} | NULL | NULL | \x5b2261222c202262225d

select json_query(doc, '$.no' returning int[] error on error) from orders where id = 1
---
ERROR 22P02: expected JSON array

select json_query(doc, '$.nothing' empty on empty), json_query(doc, '$.nothing' empty object on empty), json_query(doc, '$.nothing' default '{"d": 1}' on empty), json_query(doc, '$.tags[*]' empty array on error) from orders where id = 1
---
json_query | json_query | json_query | json_query
[] | {} | {"d": 1} | []

select json_query(doc, '$.nothing' returning int[] empty object on empty) from orders where id = 1
---
ERROR 42804: could not coerce ON EMPTY expression (EMPTY OBJECT) to the RETURNING type
detail expected JSON array

select json_query(doc, '$.total' omit quotes), json_query(doc, '$.at' omit quotes) from orders where id = 1
---
json_query | json_query
12.50 | NULL

select json_query(doc, '$.at' omit quotes error on error) from orders where id = 1
---
ERROR 22P02: invalid input syntax for type json
detail Token "-" is invalid.

select json_value('[1, 2, 3, 4]', '$[*] ? (@ > $low && @ < $high)' passing 2 as low, 3.5 as high), json_value('{"a": 1}', '$.a' passing now() as unused), json_query('1', '$list' passing array[1, 2] as list), json_query('1', '$doc.a' passing '{"a": []}'::json as doc), json_query('1', '$doc' passing '{"a": []}' as doc), json_query('1', '$doc' passing '{"a": []}' format json as doc)
---
json_value | json_value | json_query | json_query | json_query | json_query
3 | 1 | [1, 2] | [] | "{\"a\": []}" | {"a": []}

select json_value('1', '$y' passing 1 as x)
---
ERROR 42704: could not find jsonpath variable "y"

select json_value('1', '$x' passing 'a'::char(2) as x)
---
ERROR 22023: could not convert value of type character to jsonpath

select json_value('{"a": 5}', '$.' || 'a'), json_value(null::json, '$'), json_value('1', null)
---
json_value | json_value | json_value
5 | NULL | NULL

select json_value('1', 5)
---
ERROR 42804: JSON path expression must be of type jsonpath, not of type integer
at 24

select json_value(1, '$')
---
ERROR 42846: cannot cast type integer to jsonb
at 19

select json_value('{', '$')
---
ERROR 22P02: invalid input syntax for type json
detail The input string ended unexpectedly.

select json_value('1' format json encoding utf8, '$')
---
ERROR 42804: JSON ENCODING clause is only allowed for bytea input type
at 23

select json_value('\x31'::bytea format json encoding utf8, '$')
---
json_value
1

select json_value('1', '$' returning int format json)
---
ERROR 42601: cannot specify FORMAT JSON in RETURNING clause of JSON_VALUE()
at 42

select json_value('1', '$' returning record)
---
ERROR 0A000: returning pseudo-types is not supported in SQL/JSON functions

select json_exists('1', '$' empty on error)
---
ERROR 42601: invalid ON ERROR behavior
at 29
detail Only ERROR, TRUE, FALSE, or UNKNOWN is allowed in ON ERROR for JSON_EXISTS().

select json_value('1', '$' true on empty)
---
ERROR 42601: invalid ON EMPTY behavior
at 28
detail Only ERROR, NULL, or DEFAULT expression is allowed in ON EMPTY for JSON_VALUE().

select json_query('1', '$' unknown on error)
---
ERROR 42601: invalid ON ERROR behavior
at 28
detail Only ERROR, NULL, EMPTY ARRAY, EMPTY OBJECT, or DEFAULT expression is allowed in ON ERROR for JSON_QUERY().

select json_value('1', '$' returning int default id on error) from orders
---
ERROR 42804: can only specify a constant, non-aggregate function, or operator expression for DEFAULT
at 50

select json_value('1', '$' returning int default id + 1 on error) from orders
---
ERROR 42804: DEFAULT expression must not contain column references
at 50

select json_value('1', '$' returning int default (select 1) on error)
---
ERROR 42804: can only specify a constant, non-aggregate function, or operator expression for DEFAULT
at 50

select json_value('1', '$' returning int default count(*) on error)
---
ERROR 42804: can only specify a constant, non-aggregate function, or operator expression for DEFAULT
at 50

select json_value('1', '$' returning int default generate_series(1, 2) on error)
---
ERROR 42804: DEFAULT expression must not return a set
at 50

select json_value('1', '$' returning date default 5 on error)
---
ERROR 42846: cannot cast behavior expression of type integer to date
at 51
hint You will need to explicitly cast the expression to type date.

select json_value('1', '$.a' returning int default 1 / 0 on empty)
---
ERROR 22012: division by zero

select json_value('7', '$' returning int default 1 / 0 on empty)
---
json_value
7

alter table orders add constraint numbered check (json_exists(doc, '$.no ? ($x >= 0)' passing id - 1 as x) is not false or json_value(doc, '$[0]' returning int default '1' on empty error on error) > 0)
---
ok 0

select pg_get_constraintdef(oid) from pg_constraint where conname = 'numbered'
---
pg_get_constraintdef
CHECK (((JSON_EXISTS(doc, '$."no"?($"x" >= 0)' PASSING (id - 1) AS x) IS NOT FALSE) OR (JSON_VALUE(doc, '$[0]' RETURNING integer DEFAULT '1' ON EMPTY ERROR ON ERROR) > 0)))

insert into orders values (5, '[0]')
---
ERROR 23514: new row for relation "orders" violates check constraint "numbered"
detail Failing row contains (5, [0]).

alter table orders add tags jsonb default json_query('{"a": []}', '$.a'), add first text generated always as (json_value(doc, '$.tags[0]' default 'none' on empty)) stored
---
ok 0

select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'orders'::regclass order by adnum
---
pg_get_expr
JSON_QUERY('{"a": []}', '$."a"' RETURNING jsonb WITHOUT WRAPPER KEEP QUOTES)
JSON_VALUE(doc, '$."tags"[0]' RETURNING text DEFAULT 'none' ON EMPTY)

select id, tags, first from orders order by id
---
id | tags | first
1 | [] | a
2 | [] | none
3 | [] | none
4 | [] | NULL

create unique index on orders (json_value(doc, '$.no' returning text))
---
ok 0

insert into orders (id, doc) values (6, '{"no": 17}')
---
ERROR 23505: duplicate key value violates unique constraint "orders_json_value_idx"
detail Key (JSON_VALUE(doc, '$."no"' RETURNING text))=(17) already exists.

select id from orders where json_value(doc, '$.no' returning text) = '17'
---
id
1

create index on orders (json_value(doc, first::jsonpath))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on orders (json_value(doc, '$' returning float8 default random() on error))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create view asked as select id, json_value(doc, '$.no' passing (id = 1 or doc is null) as q, id + 1 as "a b" returning numeric(10, 2) default (1 + 2) * 3 on empty error on error) * 2 as no, json_query(doc, '$' returning text with conditional wrapper keep quotes empty object on empty empty array on error), json_exists(doc, '$.a' unknown on error) from orders where id < 2
---
ok 0

select * from asked
---
id | no | json_query | json_exists
1 | 34.00 | {"at": "2024-02-29", "no": 17, "who": null, "open": true, "tags": ["a", "b"], "total": "12.50"} | f

select json_value(doc, '$.no') as no, count(*) from orders group by json_value(doc, '$.no') order by json_value(doc, '$.no')
---
no | count
17 | 1
x | 1
NULL | 2

prepare asked(jsonb, jsonpath, int) as select json_query($1, $2 passing $3 as x with wrapper)
---
ok 0

execute asked('[1, 2, 3]', '$[*] ? (@ > $x)', 1)
---
json_query
[2, 3]

deallocate asked
---
ok 0

drop view asked
---
ok 0

drop table orders
---
ok 0

drop domain positive
---
ok 0
