create role dp_owner
---
ok 0

create role dp_reader
---
ok 0

create role dp_writer
---
ok 0

create schema dp authorization dp_owner
---
ok 0

create schema dq authorization dp_owner
---
ok 0

grant usage on schema dp, dq to public
---
ok 0

set role dp_owner
---
ok 0

alter default privileges grant select on tables to dp_reader
---
ok 0

alter default privileges in schema dp grant insert, update on tables to dp_writer with grant option
---
ok 0

alter default privileges for role dp_owner in schema dp grant usage on sequences to public
---
ok 0

alter default privileges revoke usage on types from public
---
ok 0

alter default privileges in schema dp grant usage on types to dp_writer
---
ok 0

select r.rolname, n.nspname, d.defaclobjtype, case when defaclobjtype <> 'r' or defaclnamespace <> 0 then defaclacl end from pg_default_acl d join pg_roles r on r.oid = defaclrole left join pg_namespace n on n.oid = defaclnamespace where rolname like 'dp%' order by 2, 3
---
rolname | nspname | defaclobjtype | case
dp_owner | dp | S | {=U/dp_owner}
dp_owner | dp | T | {dp_writer=U/dp_owner}
dp_owner | dp | r | {dp_writer=a*w*/dp_owner}
dp_owner | NULL | T | {dp_owner=U/dp_owner}
dp_owner | NULL | r | NULL

create table dp.t (a serial primary key, b int)
---
ok 0

create table dq.t (a int)
---
ok 0

create view dp.v as select * from dp.t
---
ok 0

create sequence dp.s
---
ok 0

create sequence dq.s
---
ok 0

create type dp.e as enum ('x')
---
ok 0

create type dq.e as enum ('x')
---
ok 0

create domain dq.d as int
---
ok 0

select relname, nspname, has_table_privilege('dp_reader', c.oid, 'select') as r, has_table_privilege('dp_writer', c.oid, 'insert') as w, has_table_privilege('dp_writer', c.oid, 'update with grant option') as g, has_table_privilege('dp_writer', c.oid, 'delete') as d from pg_class c join pg_namespace n on n.oid = relnamespace where nspname in ('dp', 'dq') and relkind in ('r', 'v') order by 1, 2
---
relname | nspname | r | w | g | d
t | dp | t | t | t | f
t | dq | t | f | f | f
v | dp | t | t | t | f

select relname, nspname, relacl from pg_class c join pg_namespace n on n.oid = relnamespace where nspname in ('dp', 'dq') and relkind = 'S' order by 1, 2
---
relname | nspname | relacl
s | dp | {=U/dp_owner,dp_owner=rwU/dp_owner}
s | dq | NULL
t_a_seq | dp | {=U/dp_owner,dp_owner=rwU/dp_owner}

select typname, nspname, typacl from pg_type c join pg_namespace n on n.oid = typnamespace where nspname in ('dp', 'dq') and typtype in ('e', 'd') order by 1, 2
---
typname | nspname | typacl
d | dq | {dp_owner=U/dp_owner}
e | dp | {dp_owner=U/dp_owner,dp_writer=U/dp_owner}
e | dq | {dp_owner=U/dp_owner}

select has_type_privilege('dp_writer', 'dp.e', 'usage') as a, has_type_privilege('dp_writer', 'dq.e', 'usage') as b, has_type_privilege('dp_writer', 'int4', 'usage') as c
---
a | b | c
t | f | t

reset role
---
ok 0

set role dp_writer
---
ok 0

create temp table x (e dq.e)
---
ERROR 42501: permission denied for type dq.e

create temp table x (e dq.e[])
---
ERROR 42501: permission denied for type dq.e

create temp table x as select 'x'::dq.e as e
---
ERROR 42501: permission denied for type dq.e

select 'x'::dq.e
---
e
x

create temp table x (e dp.e)
---
ok 0

create temp table y (e dq.d)
---
ERROR 42501: permission denied for type dq.d

drop table x
---
ok 0

reset role
---
ok 0

grant usage on type dq.e to dp_writer
---
ok 0

grant usage on domain dq.d to dp_writer
---
ok 0

grant usage on domain dq.e to dp_writer
---
ERROR 42809: "e" is not a domain

grant select on type dq.e to dp_writer
---
ERROR 0LP01: invalid privilege type SELECT for type

grant usage on type dq.nothere to dp_writer
---
ERROR 42704: type "dq.nothere" does not exist

set role dp_writer
---
ok 0

create temp table x (e dq.e, d dq.d)
---
ok 0

drop table x
---
ok 0

grant usage on type dq.e to dp_reader
---
notice no privileges were granted for "e"
ok 0

reset role
---
ok 0

revoke usage on type dq.e from dp_writer
---
ok 0

select typacl from pg_type where typname = 'e' and typnamespace = 'dq'::regnamespace
---
typacl
{dp_owner=U/dp_owner}

set role dp_owner
---
ok 0

alter default privileges in schema dp grant usage on schemas to dp_reader
---
ERROR 0LP01: cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS

alter default privileges in schema nothere grant select on tables to dp_reader
---
ERROR 3F000: schema "nothere" does not exist

alter default privileges for role nobody grant select on tables to dp_reader
---
ERROR 42704: role "nobody" does not exist

alter default privileges grant usage on tables to dp_reader
---
ERROR 0LP01: invalid privilege type USAGE for relation

alter default privileges grant select on tables to public with grant option
---
ERROR 0LP01: grant options can only be granted to roles

alter default privileges revoke select on tables from dp_reader
---
ok 0

alter default privileges in schema dp revoke all on tables from dp_writer
---
ok 0

alter default privileges grant usage on types to public
---
ok 0

select d.defaclobjtype, n.nspname from pg_default_acl d left join pg_namespace n on n.oid = defaclnamespace where defaclrole = 'dp_owner'::regrole order by 1, 2
---
defaclobjtype | nspname
S | dp
T | dp

create table dp.u (a int)
---
ok 0

select relacl from pg_class where relname = 'u'
---
relacl
NULL

reset role
---
ok 0

alter default privileges for role dp_owner grant usage on schemas to dp_reader
---
ok 0

create schema dr authorization dp_owner
---
ok 0

select nspacl from pg_namespace where nspname = 'dr'
---
nspacl
{dp_owner=UC/dp_owner,dp_reader=U/dp_owner}

create role dp_new
---
ok 0

reassign owned by dp_owner to dp_new
---
ok 0

select relname, relowner::regrole from pg_class where relname in ('t', 'v', 's', 't_a_seq') and relnamespace in ('dp'::regnamespace, 'dq'::regnamespace) order by relname, relnamespace::text
---
relname | relowner
s | dp_new
s | dp_new
t | dp_new
t | dp_new
t_a_seq | dp_new
v | dp_new

select relacl from pg_class where relname = 's' and relnamespace = 'dp'::regnamespace
---
relacl
{=U/dp_new,dp_new=rwU/dp_new}

select nspname, nspowner::regrole, nspacl from pg_namespace where nspname in ('dp', 'dq', 'dr') order by 1
---
nspname | nspowner | nspacl
dp | dp_new | {dp_new=UC/dp_new,=U/dp_new}
dq | dp_new | {dp_new=UC/dp_new,=U/dp_new}
dr | dp_new | {dp_new=UC/dp_new,dp_reader=U/dp_new}

select typname, typowner::regrole, typacl from pg_type where typname in ('e', 'd') and typnamespace in ('dp'::regnamespace, 'dq'::regnamespace) order by 1, typnamespace::text
---
typname | typowner | typacl
d | dp_new | {dp_new=U/dp_new,dp_writer=U/dp_new}
e | dp_new | {dp_new=U/dp_new,dp_writer=U/dp_new}
e | dp_new | {dp_new=U/dp_new}

reassign owned by postgres to dp_new
---
ERROR 2BP01: cannot reassign ownership of objects owned by role postgres because they are required by the database system

reassign owned by nobody to dp_new
---
ERROR 42704: role "nobody" does not exist

set role dp_writer
---
ok 0

reset role
---
ok 0

create table dp_keep (a int)
---
ok 0

grant select, insert (a) on dp_keep to dp_new, dp_reader
---
ok 0

drop owned by dp_new
---
ok 0

drop owned by dp_new cascade
---
ok 0

select count(*) from pg_class where relname in ('t', 'v', 's', 'u') and relnamespace in (select oid from pg_namespace where nspname in ('dp', 'dq'))
---
count
0

select nspname from pg_namespace where nspname in ('dp', 'dq', 'dr')
---
nspname

drop owned by dp_owner
---
ok 0

drop owned by dp_reader
---
ok 0

drop owned by dp_writer
---
ok 0

select has_table_privilege('dp_reader', 'dp_keep', 'select') as s, (select attacl from pg_attribute where attrelid = 'dp_keep'::regclass and attname = 'a') as a
---
s | a
f | NULL

select count(*) from pg_default_acl where defaclrole = 'dp_owner'::regrole
---
count
0

drop role dp_owner, dp_reader, dp_writer, dp_new
---
ok 0

drop table dp_keep
---
ok 0
