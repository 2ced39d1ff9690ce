create role element_role
---
ok 0

create schema elements
  grant select on element_t to element_role
  create view element_v as select a, b from element_t
  create table element_t (a int primary key default nextval('element_s'), b text unique)
  create index element_i on element_t (b, a)
  create sequence element_s start 5
---
ok 0

insert into elements.element_t (b) values ('x') returning *
---
a | b
5 | x

select * from elements.element_v
---
a | b
5 | x

select n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner) = current_user as own from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'elements' order by 2
---
nspname | relname | relkind | own
elements | element_i | i | t
elements | element_s | S | t
elements | element_t | r | t
elements | element_t_b_key | i | t
elements | element_t_pkey | i | t
elements | element_v | v | t

select has_table_privilege('element_role', 'elements.element_t', 'select'), has_table_privilege('element_role', 'elements.element_v', 'select')
---
has_table_privilege | has_table_privilege
t | f

show search_path
---
search_path
"$user", public

create schema authorization element_role create table element_u (a int) create view element_role.element_w as select * from element_u
---
ok 0

select n.nspname, c.relname, pg_get_userbyid(c.relowner) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname in ('element_u', 'element_w') order by 2
---
nspname | relname | pg_get_userbyid
element_role | element_u | element_role
element_role | element_w | element_role

select current_user = session_user
---
?column?
t

create schema elements2 create table public.element_x (a int)
---
ERROR 42P15: CREATE specifies a schema (public) different from the one being created (elements2)

create schema elements2 create table element_x (a int) create view element_y as select * from element_none
---
ERROR 42P01: relation "element_none" does not exist
at 95

select count(*) from pg_namespace where nspname = 'elements2'
---
count
0

create schema elements create table z (a int)
---
ERROR 42P06: schema "elements" already exists

drop schema elements cascade
---
notice drop cascades to 3 other objects
detail drop cascades to sequence elements.element_s
drop cascades to table elements.element_t
drop cascades to view elements.element_v
ok 0

drop schema element_role cascade
---
notice drop cascades to 2 other objects
detail drop cascades to table element_role.element_u
drop cascades to view element_role.element_w
ok 0

drop role element_role
---
ok 0

prepare element_p (int, text) as select $1 as a, $2 || '!' as b from generate_series(1, $1)
---
ok 0

create table element_t as execute element_p (2, 'x')
---
ok 2

select * from element_t
---
a | b
2 | x!
2 | x!

create table element_u (p, q) as execute element_p (3, 'y') with no data
---
ok 0

select * from element_u
---
p | q

create temp table element_v as execute element_p (1)
---
ERROR 42601: wrong number of parameters for prepared statement "element_p"
detail Expected 2 parameters but got 1.

prepare element_q as delete from element_t
---
ok 0

create table element_v as execute element_q
---
ERROR 42809: prepared statement is not a SELECT

create table element_v as execute element_none
---
ERROR 26000: prepared statement "element_none" does not exist

deallocate element_p
---
ok 0

deallocate element_q
---
ok 0

drop table element_t, element_u
---
ok 0
