# What pg_dump asks for beyond what applications do.
create table d (a int primary key, b text)
---
ok 0

create sequence s start 5 increment 3
---
ok 0

select last_value, is_called from s
---
last_value | is_called
5 | f

select nextval('s')
---
nextval
5

select is_called, s.last_value > 4 as given from s where is_called
---
is_called | given
t | t

select * from s x(l) where l > 100
---
l | log_cnt | is_called

create view w as select is_called from s
---
ok 0

select * from w
---
is_called
t

drop view w
---
ok 0

update s set last_value = 1
---
ERROR 42809: cannot change sequence "s"

select ('abc'::name)[0], ('abc'::name)[2], ('abc'::name)[3] = '' as after, ('abc'::name)[64]
---
name | name | after | name
a | c | t | NULL

select pg_typeof(('abc'::name)[0])
---
pg_typeof
"char"

select * from pg_options_to_table(array['a=b', 'c', 'd=e=f']) order by 1
---
option_name | option_value
a | b
c | NULL
d | e=f

select acldefault('n', 10), acldefault('d', 10), acldefault('s', 10), acldefault('T', 10), acldefault('c', 10)
---
acldefault | acldefault | acldefault | acldefault | acldefault
{postgres=UC/postgres} | {=Tc/postgres,postgres=CTc/postgres} | {postgres=rwU/postgres} | {=U/postgres,postgres=U/postgres} | {}

lock table d in access share mode
---
ERROR 25P01: LOCK TABLE can only be used in transaction blocks

begin isolation level repeatable read read only
---
ok 0

lock table d in access share mode
---
ok 0

rollback
---
ok 0

begin isolation level repeatable read
---
ok 0

lock table nosuch in access share mode
---
ERROR 42P01: relation "nosuch" does not exist

rollback
---
ok 0

begin isolation level repeatable read
---
ok 0

lock table s in access share mode
---
ERROR 42809: cannot lock relation "s"
detail This operation is not supported for sequences.

rollback
---
ok 0

set synchronize_seqscans to off
---
ok 0

select obj_description('public'::regnamespace, 'pg_namespace')
---
obj_description
standard public schema

select nspacl from pg_namespace where nspname = 'public'
---
nspacl
{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}

create table e (a int default nextval('s'))
---
ok 0

select classid::regclass, refclassid::regclass, refobjid::regclass, deptype from pg_depend where refobjid = 's'::regclass and classid = 'pg_attrdef'::regclass
---
classid | refclassid | refobjid | deptype
pg_attrdef | pg_class | s | n

drop table d, e
---
ok 0

drop sequence s
---
ok 0
