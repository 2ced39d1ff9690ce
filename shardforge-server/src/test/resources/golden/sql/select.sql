select 1 as one, 'x' as two, null as three, true as four
---
one | two | three | four
1 | x | NULL | t

select 1+1, 2*3, 7/2, -7/2, 7%3, 2^10
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column?
2 | 6 | 3 | -3 | 1 | 1024

values (1,'a'),(2,'b')
---
column1 | column2
1 | a
2 | b

select 1/0
---
ERROR 22012: division by zero

select 2147483647 + 1
---
ERROR 22003: integer out of range

select 9223372036854775807 + 1
---
ERROR 22003: bigint out of range

select 32767::smallint + 1::smallint
---
ERROR 22003: smallint out of range

select 'abc'::int
---
ERROR 22P02: invalid input syntax for type integer: "abc"
at 8

select '2020-02-30'::date
---
ERROR 22008: date/time field value out of range: "2020-02-30"
at 8

select 1.005::numeric(10,2), 2.5::int, -2.5::int, 0.1+0.2, 1e0/3
---
numeric | int4 | ?column? | ?column? | ?column?
1.01 | 3 | -3 | 0.3 | 0.33333333333333333333

select '1.0'::numeric = '1.00'::numeric, 'abc' = 'abc  ', 'abc'::char(5) = 'abc'
---
?column? | ?column? | ?column?
t | f | t

select nosuch
---
ERROR 42703: column "nosuch" does not exist
at 8

select * from nosuch
---
ERROR 42P01: relation "nosuch" does not exist
at 15

select nosuch(1)
---
ERROR 42883: function nosuch(integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select 1 where
---
ERROR 42601: syntax error at end of input
at 15

select 1 + 'a'
---
ERROR 22P02: invalid input syntax for type integer: "a"
at 12

select coalesce(null, 2), nullif(1,1), greatest(1,3,2), least(1,null,2)
---
coalesce | nullif | greatest | least
2 | NULL | 3 | 1

select case when 1 = 2 then 'a' when 2 = 2 then 'b' else 'c' end, case 3 when 3 then 'three' end
---
case | case
b | three

select null = null, null is null, 1 is distinct from null, null is not distinct from null
---
?column? | ?column? | ?column? | ?column?
NULL | t | t | t

select 1 in (1,2), 3 in (1,null), 3 not in (1,2), 3 = any(array[1,2,3]), 3 > all(array[1,2])
---
?column? | ?column? | ?column? | ?column? | ?column?
t | NULL | t | t | t

select 5 between 1 and 10, 'abc' like 'a%', 'ABC' ilike 'a_c', 'abc' ~ '^a.c$', 'abc' similar to '(a|b)bc'
---
?column? | ?column? | ?column? | ?column? | ?column?
t | t | t | t | t

select length('häßlich'), upper('abc'), lower('ABC'), substring('hello' from 2 for 3), position('l' in 'hello'), trim('  x '), replace('aXbX','X','-'), 'a' || 'b' || 1
---
length | upper | lower | substring | position | btrim | replace | ?column?
7 | ABC | abc | ell | 3 | x | a-b- | ab1

select date '2024-02-29' + 1, date '2024-03-01' - date '2024-02-01', timestamp '2024-01-31 10:00' + interval '1 month', extract(year from date '2024-05-06'), date_trunc('month', timestamp '2024-05-06 07:08:09')
---
?column? | ?column? | ?column? | extract | date_trunc
2024-03-01 | 29 | 2024-02-29 10:00:00 | 2024 | 2024-05-01 00:00:00

select now() = current_timestamp, current_date = now()::date
---
?column? | ?column?
t | t

select 'a'::text, 'b'::varchar(1), 'toolong'::varchar(3), 'x'::char(3)
---
text | varchar | varchar | bpchar
a | b | too | x  

select '{"a": [1, 2, {"b": null}]}'::jsonb -> 'a' -> 2, '{"a": "x"}'::json ->> 'a', '{"b":1, "a":2}'::jsonb
---
?column? | ?column? | jsonb
{"b": null} | x | {"a": 2, "b": 1}

select '00112233-4455-6677-8899-AABBCCDDEEFF'::uuid, '\xdeadbeef'::bytea, 'infinity'::timestamp, '1 year 2 mons 3 days 04:05:06.789'::interval
---
uuid | bytea | timestamp | interval
00112233-4455-6677-8899-aabbccddeeff | \xdeadbeef | infinity | 1 year 2 mons 3 days 04:05:06.789

select array[1,2,3], array['a','b c',null], '{1,2}'::int[], array_length(array[1,2,3],1), (array[4,5,6])[2]
---
array | array | int4 | array_length | array
{1,2,3} | {a,"b c",NULL} | {1,2} | 3 | 5

select generate_series(1,3) as g
---
g
1
2
3

select * from generate_series(1,10,4) as s(i)
---
i
1
5
9

select 'NaN'::float8 = 'NaN'::float8, 'Infinity'::float8 > 1e308, 0.1::float4, 1e100::float8, 123456789.123::float4
---
?column? | ?column? | float4 | float8 | float4
t | t | 0.1 | 1e+100 | 1.2345679e+08

select round(2.5), round(-2.5), round(2.567, 2), trunc(2.9), ceil(2.1), floor(-2.1), abs(-5), mod(7,3), power(2,3), sqrt(16)
---
round | round | round | trunc | ceil | floor | abs | mod | power | sqrt
3 | -3 | 2.57 | 2 | 3 | -3 | 5 | 1 | 8 | 4

select 1 as a union all select 1 union all select 2
---
a
1
1
2

select 1 as a union select 1 union select 2 order by a
---
a
1
2

select 1 intersect select 1
---
?column?
1

select 1 except select 2
---
?column?
1

select x from (values (3),(1),(2)) t(x) order by x desc limit 2 offset 1
---
x
2
1

select 1 limit -1
---
ERROR 2201W: LIMIT must not be negative

select cast('t' as boolean), 'off'::bool, 'maybe'::bool
---
ERROR 22P02: invalid input syntax for type boolean: "maybe"
at 43

select 'a' 'b'
---
ERROR 42601: syntax error at or near "'b'"
at 12

select $$dollar$$, E'tab\tx', U&'\0041'
---
?column? | ?column? | ?column?
dollar | tab	x | A

select generate_series(1,3), generate_series(1,2), 7, unnest(array['a','b','c','d'])
---
generate_series | generate_series | ?column? | unnest
1 | 1 | 7 | a
2 | 2 | 7 | b
3 | NULL | 7 | c
NULL | NULL | 7 | d

select a+generate_series(1,a), unnest(array[a,a]) from (values (1),(3)) v(a)
---
?column? | unnest
2 | 1
NULL | 1
4 | 3
5 | 3
6 | NULL

select * from unnest(array[1,2],array['x','y','z']) with ordinality as t(a,b,n)
---
a | b | n
1 | x | 1
2 | y | 2
NULL | z | 3

select * from rows from (generate_series(1,2), upper('a'), jsonb_each('{"a":1,"b":2}')) as r
---
generate_series | upper | key | value
1 | A | a | 1
2 | NULL | b | 2

select * from unnest('1 2'::int2vector, '3 4 5'::int2vector)
---
unnest | unnest
1 | 3
2 | 4
NULL | 5

select '"pg_catalog"."int4"'::regtype, '"pg_catalog".int8[]'::regtype
---
regtype | regtype
integer | bigint[]

select proname, prorettype::regtype, proargtypes from pg_proc where proname in ('int4in', 'array_in') order by proname
---
proname | prorettype | proargtypes
array_in | anyarray | 2275 26 23
int4in | integer | 2275

# A jsonb scalar is an array of one element to an index.
select '1'::jsonb -> 0 as a, '1'::jsonb -> -1 as b, '1'::jsonb -> 1 as c, '"a"'::jsonb ->> 0 as d, '{"a":1}'::jsonb -> 0 as e, '1'::json -> 0 as f
---
a | b | c | d | e | f
1 | 1 | NULL | a | NULL | NULL
