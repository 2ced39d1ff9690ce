create role cp_owner
---
ok 0

create role cp_a
---
ok 0

create role cp_b
---
ok 0

create role cp_c
---
ok 0

grant cp_a to cp_c
---
ok 0

create schema cp authorization cp_owner
---
ok 0

grant usage on schema cp to cp_a, cp_b
---
ok 0

set role cp_owner
---
ok 0

create table cp.t (a int primary key, b text, c int check (c > 0), d int generated always as (c + 1) stored)
---
ok 0

create view cp.v as select a, b from cp.t
---
ok 0

insert into cp.t values (1, 'x', 5)
---
ok 1

grant select (a, b), insert (a, c), update (b) on cp.t to cp_a
---
ok 0

grant select (a) on cp.v to cp_b
---
ok 0

reset role
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attnum > 0 order by attnum
---
attname | attacl
a | {cp_a=ar/cp_owner}
b | {cp_a=rw/cp_owner}
c | {cp_a=a/cp_owner}
d | NULL

set role cp_a
---
ok 0

select a, b from cp.t
---
a | b
1 | x

select c from cp.t
---
ERROR 42501: permission denied for table t

select * from cp.t
---
ERROR 42501: permission denied for table t

select t from cp.t
---
ERROR 42501: permission denied for table t

select a from cp.t where c > 1
---
ERROR 42501: permission denied for table t

select a from cp.t order by c
---
ERROR 42501: permission denied for table t

select count(*) from cp.t
---
count
1

select count(c) from cp.t
---
ERROR 42501: permission denied for table t

select x.a from cp.t x join cp.t y using (a)
---
a
1

select x.a from cp.t x join cp.t y using (c)
---
ERROR 42501: permission denied for table t

select q.a from (select a, b from cp.t) q
---
a
1

select tableoid::regclass from cp.t
---
ERROR 42501: permission denied for table t

insert into cp.t (a, c) values (2, 6)
---
ok 1

insert into cp.t (a, b) values (3, 'y')
---
ERROR 42501: permission denied for table t

insert into cp.t values (3)
---
ok 1

insert into cp.t values (3, 'z', 4)
---
ERROR 42501: permission denied for table t

insert into cp.t (a, c) values (4, 7) returning a
---
a
4

insert into cp.t (a, c) values (5, 7) returning c
---
ERROR 42501: permission denied for table t

insert into cp.t (a, c) select a + 10, 1 from cp.t
---
ok 4

insert into cp.t (a, c) values (2, 6) on conflict do nothing
---
ok 0

insert into cp.t (a, c) values (2, 6) on conflict (a) do update set b = 'q' || excluded.c
---
ERROR 42501: permission denied for table t

insert into cp.t (a, c) values (2, 6) on conflict (a) do update set b = 'q' where t.c = 2
---
ERROR 42501: permission denied for table t

insert into cp.t (a, c) values (2, 6) on conflict (a) do update set c = 1
---
ERROR 42501: permission denied for table t

update cp.t set b = 'w'
---
ok 8

update cp.t set b = 'v' where a = 1
---
ok 1

update cp.t set b = 'v' where c = 1
---
ERROR 42501: permission denied for table t

update cp.t set c = 3
---
ERROR 42501: permission denied for table t

update cp.t set b = 'u' where a = 1 returning a, b
---
a | b
1 | u

update cp.t set b = 'u' where a = 1 returning *
---
ERROR 42501: permission denied for table t

delete from cp.t
---
ERROR 42501: permission denied for table t

select a from cp.t order by a for update
---
a
1
2
3
4
11
12
13
14

select has_column_privilege('cp.t', 'a', 'select'), has_column_privilege('cp.t', 'c', 'select'), has_column_privilege('cp.t', 'c', 'insert, select'), has_column_privilege('cp.t', 2::int2, 'update')
---
has_column_privilege | has_column_privilege | has_column_privilege | has_column_privilege
t | f | t | t

select has_table_privilege('cp.t', 'select'), has_any_column_privilege('cp.t', 'select'), has_any_column_privilege('cp.t', 'update'), has_any_column_privilege('cp.t', 'references')
---
has_table_privilege | has_any_column_privilege | has_any_column_privilege | has_any_column_privilege
f | t | t | f

select has_column_privilege('cp.t', 'a', 'select with grant option')
---
has_column_privilege
f

select has_column_privilege('cp.t', 'nope', 'select')
---
ERROR 42703: column "nope" of relation "t" does not exist

select has_column_privilege('cp.t', 99::int2, 'select')
---
has_column_privilege
NULL

select column_name from information_schema.columns where table_schema = 'cp' order by 1
---
column_name
a
b
c

select grantor, grantee, table_name, column_name, privilege_type, is_grantable from information_schema.column_privileges where table_schema = 'cp' order by 2, 3, 4, 5
---
grantor | grantee | table_name | column_name | privilege_type | is_grantable
cp_owner | cp_a | t | a | INSERT | NO
cp_owner | cp_a | t | a | SELECT | NO
cp_owner | cp_a | t | b | SELECT | NO
cp_owner | cp_a | t | b | UPDATE | NO
cp_owner | cp_a | t | c | INSERT | NO

select table_name from information_schema.tables where table_schema = 'cp'
---
table_name
t

select * from cp.v
---
ERROR 42501: permission denied for view v

reset role
---
ok 0

set role cp_c
---
ok 0

select a, b from cp.t where a = 1
---
a | b
1 | u

select c from cp.t
---
ERROR 42501: permission denied for table t

reset role
---
ok 0

set role cp_b
---
ok 0

select a from cp.v where a = 1
---
a
1

select b from cp.v
---
ERROR 42501: permission denied for view v

select a from cp.t
---
ERROR 42501: permission denied for table t

grant select (a) on cp.t to cp_c
---
ERROR 42501: permission denied for column "a" of relation "t"

reset role
---
ok 0

set role cp_owner
---
ok 0

grant select (nope) on cp.t to cp_a
---
ERROR 42703: column "nope" of relation "t" does not exist

grant delete (a) on cp.t to cp_a
---
ERROR 0LP01: invalid privilege type DELETE for column

grant usage (a) on schema cp to cp_a
---
ERROR 0LP01: column privileges are only valid for relations

grant all (c) on cp.t to cp_b with grant option
---
ok 0

grant references (a) on cp.t to cp_b
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attnum > 0 order by attnum
---
attname | attacl
a | {cp_a=ar/cp_owner,cp_b=x/cp_owner}
b | {cp_a=rw/cp_owner}
c | {cp_a=a/cp_owner,cp_b=a*r*w*x*/cp_owner}
d | NULL

set role cp_b
---
ok 0

grant select (c) on cp.t to cp_c
---
ok 0

grant select (a) on cp.t to cp_c
---
notice no privileges were granted for column "a" of relation "t"
ok 0

grant select (c), update (c) on cp.t to cp_a with grant option
---
ok 0

reset role
---
ok 0

set role cp_a
---
ok 0

grant select (c) on cp.t to cp_b with grant option
---
ERROR 0LP01: grant options cannot be granted back to your own grantor

grant select (c) on cp.t to cp_c
---
ok 0

reset role
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attnum > 0 order by attnum
---
attname | attacl
a | {cp_a=ar/cp_owner,cp_b=x/cp_owner}
b | {cp_a=rw/cp_owner}
c | {cp_a=a/cp_owner,cp_b=a*r*w*x*/cp_owner,cp_c=r/cp_b,cp_a=r*w*/cp_b,cp_c=r/cp_a}
d | NULL

set role cp_owner
---
ok 0

revoke select (c) on cp.t from cp_b
---
ERROR 2BP01: dependent privileges exist
hint Use CASCADE to revoke them too.

revoke grant option for select (c) on cp.t from cp_b cascade
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attname = 'c'
---
attname | attacl
c | {cp_a=a/cp_owner,cp_b=a*rw*x*/cp_owner,cp_a=w*/cp_b}

revoke all (c) on cp.t from cp_b cascade
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attname = 'c'
---
attname | attacl
c | {cp_a=a/cp_owner}

revoke select on cp.t from cp_a
---
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attnum > 0 order by attnum
---
attname | attacl
a | {cp_a=a/cp_owner,cp_b=x/cp_owner}
b | {cp_a=w/cp_owner}
c | {cp_a=a/cp_owner}
d | NULL

grant insert (a), select (a, b) on cp.t to cp_a
---
ok 0

alter table cp.t drop column b cascade
---
notice drop cascades to view cp.v
ok 0

select attname, attacl from pg_attribute where attrelid = 'cp.t'::regclass and attnum > 0 and not attisdropped order by attnum
---
attname | attacl
a | {cp_a=ar/cp_owner,cp_b=x/cp_owner}
c | {cp_a=a/cp_owner}
d | NULL

grant select on cp.t to cp_b with grant option
---
ok 0

set role cp_b
---
ok 0

grant select on cp.t to cp_c
---
ok 0

grant select, update on cp.t to cp_c
---
notice not all privileges were granted for "t"
ok 0

grant update on cp.t to cp_c
---
notice no privileges were granted for "t"
ok 0

grant select on cp.t to cp_c granted by cp_b
---
ok 0

grant select on cp.t to cp_c granted by cp_owner
---
ERROR 0A000: grantor must be current user

reset role
---
ok 0

select count(*) from pg_attribute where attrelid >= 16384 and attacl is not null and not attisdropped
---
count
2

drop schema cp cascade
---
notice drop cascades to table cp.t
ok 0

select count(*) from pg_attribute where attrelid >= 16384 and attacl is not null and not attisdropped
---
count
0

drop role cp_owner, cp_a, cp_b, cp_c
---
ok 0
