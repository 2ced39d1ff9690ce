# Direct arguments of several grouping sets, one group of nothing, identity for others, arrays of domains, defaults of domains,
# aggregates in recursion, hints and settings.
select grouping(a), a, array_agg(b), rank(a) within group (order by b nulls first), rank(a) within group (order by b nulls last)
from (values (1, 1), (1, 4), (1, 5), (3, 1), (3, 2)) v (a, b) group by rollup (a) order by a
---
grouping | a | array_agg | rank | rank
0 | 1 | {1,4,5} | 1 | 1
0 | 3 | {1,2} | 3 | 3
1 | NULL | {1,4,5,1,2} | 1 | 6

create table zero (a int)
---
ok 0

insert into zero values (0)
---
ok 1

select 1 as one from zero where 1 / a = 1 having 1 < 2
---
one
1

select 1 as one from zero where 1 / a = 1 having 1 > 2
---
one

select 1 as one from zero group by ()
---
one
1

drop table zero
---
ok 0

create role writer
---
ok 0

create table counted (id int generated always as identity, n int)
---
ok 0

grant select, insert on counted to writer
---
ok 0

set role writer
---
ok 0

insert into counted (n) values (7) returning *
---
id | n
1 | 7

reset role
---
ok 0

drop table counted
---
ok 0

drop role writer
---
ok 0

create domain whole as int check (value > 0)
---
ok 0

create domain wholes as whole[]
---
ok 0

create domain word as varchar(4)
---
ok 0

create table kept (a wholes[], w word[])
---
ok 0

insert into kept values (array[array[42]::wholes], array['four'])
---
ok 1

insert into kept (w) values (array['too long'])
---
ERROR 22001: value too long for type character varying(4)

update kept set a[2] = array[99]
---
ok 1

select a, a[1], (a[2])[1], w from kept
---
a | a | a | w
{"{42}","{99}"} | {42} | 99 | {four}

create table short (w varchar(4)[])
---
ok 0

insert into short values (array['too long'])
---
ERROR 22001: value too long for type character varying(4)

insert into short values (array['four'])
---
ok 1

insert into short values (array['too long']::varchar(4)[])
---
ok 1

select * from short
---
w
{four}
{"too "}

drop table short
---
ok 0

drop table kept
---
ok 0

drop domain word, wholes, whole
---
ok 0

create domain three as int default 3
---
ok 0

create table given (a int, b three not null default null, c three)
---
ok 0

insert into given (a) values (1)
---
ERROR 23502: null value in column "b" of relation "given" violates not-null constraint
detail Failing row contains (1, null, 3).

insert into given (a, b) values (1, 2) returning *
---
a | b | c
1 | 2 | 3

drop table given
---
ok 0

drop domain three
---
ok 0

create table v (f text, w varchar(10), a int)
---
ok 0

insert into v values ('x', 'b', 1), ('y', 'a', 2), ('y', 'b', 3)
---
ok 3

select c from v
---
ERROR 42703: column "c" does not exist
at 8

select wx from v
---
ERROR 42703: column "wx" does not exist
at 8
hint Perhaps you meant to reference the column "v.w".

select distinct on (f, a) f, w, a from v order by f, w, a
---
ERROR 42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions
at 24

select distinct on (w, f) f, w, a from v order by a, w
---
ERROR 42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions
at 21

select distinct on (f, a) f, w, a from v order by f, a, w
---
f | w | a
x | b | 1
y | a | 2
y | b | 3

select string_agg(distinct w, ',' order by w) from v
---
string_agg
a,b

select string_agg(distinct w, ',' order by f) from v
---
ERROR 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
at 44

with recursive x (n) as (select 1 union all select count(*) from x) select * from x
---
ERROR 42P19: aggregate functions are not allowed in a recursive query's recursive term
at 52

with recursive x (n) as (select 1 union all select sum(n)::int from x where n < 3) select * from x
---
ERROR 42P19: aggregate functions are not allowed in a recursive query's recursive term
at 52

with recursive x (n) as (select 1 union all select n + 1 from x where n < 3 group by n) select * from x
---
n
1
2
3

create role stranger
---
ok 0

set role stranger
---
ok 0

comment on column v.a is 'x'
---
ERROR 42501: must be owner of relation v

comment on table v is 'x'
---
ERROR 42501: must be owner of table v

reset role
---
ok 0

drop role stranger
---
ok 0

drop table v
---
ok 0

set force_parallel_mode = on
---
ok 0

reset force_parallel_mode
---
ok 0

show max_prepared_transactions
---
max_prepared_transactions
0

show allow_system_table_mods
---
allow_system_table_mods
off

set default_with_oids = off
---
ok 0
