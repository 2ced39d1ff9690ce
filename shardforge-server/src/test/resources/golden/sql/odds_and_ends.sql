# Direct arguments of several grouping sets, one group of nothing, identity for others, arrays of domains, defaults of domains.
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
