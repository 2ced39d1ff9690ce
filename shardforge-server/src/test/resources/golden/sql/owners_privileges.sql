# What an owner may do with what was revoked from it: no more than others, but for granting.
create role rgr_own login; create role rgr_other; create role rgr_member in role rgr_own
---
ok 0
ok 0
ok 0

grant create on schema public to rgr_own
---
ok 0

set session authorization rgr_own
---
ok 0

create sequence seq3
---
ok 0

create table tt3 (a int primary key, b int)
---
ok 0

insert into tt3 values (1,1)
---
ok 1

create view vt3 as select * from tt3
---
ok 0

revoke select on tt3 from rgr_own
---
ok 0

select * from tt3
---
ERROR 42501: permission denied for table tt3

update tt3 set b = 2
---
ok 1

update tt3 set b = b + 2
---
ERROR 42501: permission denied for table tt3

delete from tt3 where a = 1
---
ERROR 42501: permission denied for table tt3

insert into tt3 values (2, 2)
---
ok 1

insert into tt3 values (3, 3) returning a
---
ERROR 42501: permission denied for table tt3

select * from vt3
---
ERROR 42501: permission denied for table tt3

select has_table_privilege('tt3','select'), has_table_privilege('tt3','select with grant option'), has_table_privilege('tt3','insert')
---
has_table_privilege | has_table_privilege | has_table_privilege
f | t | t

grant select on tt3 to rgr_other
---
ok 0

grant select (b) on tt3 to rgr_own
---
ok 0

select b from tt3
---
b
2
2

select a from tt3
---
ERROR 42501: permission denied for table tt3

alter table tt3 add c int
---
ok 0

revoke all on tt3, seq3 from rgr_own
---
ok 0

select nextval('seq3')
---
ERROR 42501: permission denied for sequence seq3

select currval('seq3')
---
ERROR 42501: permission denied for sequence seq3

select setval('seq3', 2)
---
ERROR 42501: permission denied for sequence seq3

insert into tt3 values (4, 4)
---
ERROR 42501: permission denied for table tt3

truncate tt3
---
ERROR 42501: permission denied for table tt3

create table tt4 (a int references tt3)
---
ERROR 42501: permission denied for table tt3

grant all on tt3 to rgr_own
---
ok 0

select * from tt3
---
a | b | c
1 | 2 | NULL
2 | 2 | NULL

reset session authorization
---
ok 0

set role rgr_member
---
ok 0

select * from tt3
---
a | b | c
1 | 2 | NULL
2 | 2 | NULL

select nextval('seq3')
---
ERROR 42501: permission denied for sequence seq3

reset role
---
ok 0

select * from vt3
---
a | b
1 | 2
2 | 2

set session authorization rgr_own
---
ok 0

revoke select on tt3 from rgr_own
---
ok 0

reset session authorization
---
ok 0

select * from vt3
---
ERROR 42501: permission denied for table tt3

select * from tt3
---
a | b | c
1 | 2 | NULL
2 | 2 | NULL

alter table tt3 owner to rgr_other
---
ok 0

create type mood as enum ('a')
---
ok 0

alter type mood owner to rgr_own
---
ok 0

revoke all on type mood from public, rgr_own
---
ok 0

set session authorization rgr_own
---
ok 0

create table mt (m mood)
---
ERROR 42501: permission denied for type mood

reset session authorization
---
ok 0

create schema rgs authorization rgr_own
---
ok 0

set session authorization rgr_own
---
ok 0

revoke all on schema rgs from rgr_own
---
ok 0

select nspacl from pg_namespace where nspname = 'rgs'
---
nspacl
{}

drop schema rgs
---
ok 0

reset session authorization
---
ok 0

drop view vt3; drop table tt3; drop sequence seq3; drop table if exists mt; drop type mood; revoke create on schema public from rgr_own; drop owned by rgr_own, rgr_other; drop role rgr_own, rgr_other, rgr_member
---
notice table "mt" does not exist, skipping
ok 0
ok 0
ok 0
ok 0
ok 0
ok 0
ok 0
ok 0
