select make_interval(days => 10), make_interval(years := 1, secs => 1.5), make_interval(1, 2, hours => 3), make_interval()
---
make_interval | make_interval | make_interval | make_interval
10 days | 1 year 00:00:01.5 | 1 year 2 mons 03:00:00 | 00:00:00

select make_date(day => 3, month => 2, year => 2024), make_time(min => 5, hour => 4, sec => 6.5), make_timestamp(2024, 2, 3, sec => 6, min => 5, hour => 4)
---
make_date | make_time | make_timestamp
2024-02-03 | 04:05:06.5 | 2024-02-03 04:05:06

select jsonb_set('{"a": 1}', '{b}', '2', create_if_missing => false), jsonb_set(jsonb_in => '{"a": 1}', replacement => '2', path => '{b}')
---
jsonb_set | jsonb_set
{"a": 1} | {"a": 1, "b": 2}

select jsonb_set_lax('{"a": 1}', '{a}', null, null_value_treatment => 'delete_key')
---
jsonb_set_lax
{}

select jsonb_insert('[1, 2]', '{0}', '9', insert_after => true)
---
jsonb_insert
[1, 9, 2]

select jsonb_path_query_array('[1, 2, 3]', '$[*] ? (@ >= $low)', vars => '{"low": 2}'), jsonb_path_exists('{}', 'strict $.a', silent => true)
---
jsonb_path_query_array | jsonb_path_exists
[2, 3] | NULL

select * from jsonb_path_query(path => '$[*]', target => '[1, 2]') as p(v)
---
v
1
2

select v, make_interval(mins => v) from (values (1), (null), (3)) t(v)
---
v | make_interval
1 | 00:01:00
NULL | NULL
3 | 00:03:00

select make_interval(days => 1, 2)
---
ERROR 42601: positional argument cannot follow named argument
at 33

select make_interval(days => 1, days => 2)
---
ERROR 42601: argument name "days" used more than once
at 33

select make_interval(day => 1)
---
ERROR 42883: function make_interval(day => integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select make_date(year => 2024, month => 1)
---
ERROR 42883: function make_date(year => integer, month => integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select make_interval(1, years => 2)
---
ERROR 42883: function make_interval(integer, years => integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select make_date('2024', day => 'x', month => 1)
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 33

select upper(string => 'a')
---
ERROR 42883: function upper(string => unknown) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select make_date(2024, month => 1, day => true)
---
ERROR 42883: function make_date(integer, month => integer, day => boolean) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select sum(x => 1)
---
ERROR 42883: function sum(x => integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select text(x => 1)
---
ERROR 42883: function text(x => integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select pg_get_function_arguments('make_interval'::regproc), pg_get_function_arguments('jsonb_insert'::regproc)
---
pg_get_function_arguments | pg_get_function_arguments
years integer DEFAULT 0, months integer DEFAULT 0, weeks integer DEFAULT 0, days integer DEFAULT 0, hours integer DEFAULT 0, mins integer DEFAULT 0, secs double precision DEFAULT 0.0 | jsonb_in jsonb, path text[], replacement jsonb, insert_after boolean DEFAULT false

create table named (id int primary key, due interval default make_interval(days => 2), check (make_interval(days => id) < '1 year'))
---
ok 0

insert into named values (1), (366)
---
ERROR 23514: new row for relation "named" violates check constraint "named_id_check"
detail Failing row contains (366, 2 days).

insert into named values (1)
---
ok 1

create view named_view as select id, make_interval(hours => id) as h, due from named
---
ok 0

select * from named_view
---
id | h | due
1 | 01:00:00 | 2 days

drop table named cascade
---
notice drop cascades to view named_view
ok 0

prepare p as select make_interval(weeks => $1)
---
ok 0

execute p(2)
---
make_interval
14 days
