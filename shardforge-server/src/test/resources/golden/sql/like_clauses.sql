# What LIKE takes along of a table: collations, statistics, comments on indexes, checks and statistics.
create table origin (a text collate "C" check (length(a) > 2) primary key, b text collate "POSIX", c int)
---
ok 0

create statistics origin_bc on b, c from origin
---
ok 0

comment on statistics origin_bc is 'bc'
---
ok 0

create index origin_b on origin (b)
---
ok 0

create index origin_bx on origin (lower(b))
---
ok 0

comment on index origin_b is 'b key'
---
ok 0

comment on index origin_bx is 'lower b'
---
ok 0

comment on index origin_pkey is 'pkey'
---
ok 0

comment on constraint origin_a_check on origin is 'long'
---
ok 0

comment on column origin.c is 'number'
---
ok 0

create table like_all (like origin including all)
---
ok 0

create table like_statistics (like origin including statistics, d int)
---
ok 0

create table like_none (like origin)
---
ok 0

create table like_indexes (like origin including indexes including constraints)
---
ok 0

select stxname, stxrelid::regclass, stxkeys from pg_statistic_ext where stxnamespace = 'public'::regnamespace order by 1
---
stxname | stxrelid | stxkeys
like_all_b_c_stat | like_all | 2 3
like_statistics_b_c_stat | like_statistics | 2 3
origin_bc | origin | 2 3

select c.relname, description from pg_description d join pg_class c on d.objoid = c.oid where d.classoid = 'pg_class'::regclass and c.relname like 'like%' order by 1, 2
---
relname | description
like_all | number
like_all_b_idx | b key
like_all_lower_idx | lower b
like_all_pkey | pkey

select conrelid::regclass, conname, obj_description(oid, 'pg_constraint') from pg_constraint where conrelid in ('like_all'::regclass, 'like_indexes'::regclass) order by 1, 2
---
conrelid | conname | obj_description
like_all | like_all_pkey | NULL
like_all | origin_a_check | long
like_indexes | like_indexes_pkey | NULL
like_indexes | origin_a_check | NULL

select stxname, obj_description(oid, 'pg_statistic_ext') from pg_statistic_ext where stxnamespace = 'public'::regnamespace order by 1
---
stxname | obj_description
like_all_b_c_stat | bc
like_statistics_b_c_stat | NULL
origin_bc | bc

select attname, attcollation::regcollation from pg_attribute where attrelid = 'like_none'::regclass and attnum > 0 order by attnum
---
attname | attcollation
a | "C"
b | "POSIX"
c | -

drop statistics origin_bc
---
ok 0

drop table origin, like_all, like_statistics, like_none, like_indexes
---
ok 0

select count(*) from pg_description where classoid = 'pg_statistic_ext'::regclass
---
count
0

comment on statistics nosuch is 'x'
---
ERROR 42704: statistics object "nosuch" does not exist

create view v as select 1 as a, 2 as b
---
ok 0

create statistics s on a, b from v
---
ERROR 42809: cannot define statistics for relation "v"
detail This operation is not supported for views.

drop view v
---
ok 0

create sequence q
---
ok 0

create statistics s on a, b from q
---
ERROR 42809: cannot define statistics for relation "q"
detail This operation is not supported for sequences.

drop sequence q
---
ok 0
