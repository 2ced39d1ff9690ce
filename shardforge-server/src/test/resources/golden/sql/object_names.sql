set client_min_messages = warning
---
ok 0

create schema ids
---
ok 0

create table ids.t (id int primary key, "Odd name" text default 'x', n int check (n > 0), s serial, unique (n))
---
ok 0

create view ids.v as select id from ids.t
---
ok 0

create index ids_i on ids.t (n)
---
ok 0

create sequence ids.q
---
ok 0

create type ids.mood as enum ('a')
---
ok 0

create domain ids.d as int constraint dpos check (value > 0)
---
ok 0

create table ids.r (id int references ids.t)
---
ok 0

create collation ids.c (provider = icu, locale = 'und')
---
ok 0

create statistics ids.st on id, n from ids.t
---
ok 0

select pg_describe_object('pg_class'::regclass, o::regclass, 0) from unnest(array['ids.t','ids.v','ids.ids_i','ids.q','pg_class','ids.t_pkey']) o
---
pg_describe_object
table ids.t
view ids.v
index ids.ids_i
sequence ids.q
table pg_class
index ids.t_pkey

select pg_describe_object('pg_class'::regclass, 'ids.t'::regclass, n) from generate_series(1, 4) n
---
pg_describe_object
column id of table ids.t
column Odd name of table ids.t
column n of table ids.t
column s of table ids.t

select pg_describe_object('pg_type'::regclass, o::regtype, 0) from unnest(array['int','ids.mood','ids.d','text[]','ids.mood[]']) o
---
pg_describe_object
type integer
type ids.mood
type ids.d
type text[]
type ids.mood[]

select pg_describe_object('pg_constraint'::regclass, oid, 0) from pg_constraint where connamespace = 'ids'::regnamespace order by conname
---
pg_describe_object
constraint dpos
constraint r_id_fkey on table ids.r
constraint t_n_check on table ids.t
constraint t_n_key on table ids.t
constraint t_pkey on table ids.t

select pg_describe_object('pg_attrdef'::regclass, oid, 0) from pg_attrdef where adrelid = 'ids.t'::regclass order by adnum
---
pg_describe_object
default value for column Odd name of table ids.t
default value for column s of table ids.t

select pg_describe_object('pg_namespace'::regclass, 'ids'::regnamespace, 0), pg_describe_object('pg_collation'::regclass, 'ids.c'::regcollation, 0), pg_describe_object('pg_collation'::regclass, '"C"'::regcollation, 0), pg_describe_object('pg_proc'::regclass, 'lower(text)'::regprocedure, 0), pg_describe_object('pg_operator'::regclass, '+(int,int)'::regoperator, 0)
---
pg_describe_object | pg_describe_object | pg_describe_object | pg_describe_object | pg_describe_object
schema ids | collation ids.c | collation "C" | function lower(text) | operator +(integer,integer)

select pg_describe_object('pg_statistic_ext'::regclass, oid, 0) from pg_statistic_ext where stxname = 'st'
---
pg_describe_object
statistics object ids.st

select pg_describe_object('pg_authid'::regclass, 'pg_monitor'::regrole, 0)
---
pg_describe_object
role pg_monitor

select pg_describe_object('pg_class'::regclass, 1, 0), pg_describe_object('pg_class'::regclass, 'ids.t'::regclass, 99), pg_describe_object(0, 0, 0), pg_describe_object('pg_type'::regclass, 1, 0), pg_describe_object('pg_namespace'::regclass, 1, 0)
---
pg_describe_object | pg_describe_object | pg_describe_object | pg_describe_object | pg_describe_object
NULL | NULL | NULL | NULL | NULL

select pg_describe_object(1, 1, 0)
---
ERROR XX000: unrecognized object class: 1

select i.* from unnest(array['ids.t','ids.v','ids.ids_i','ids.q','pg_class','ids.t_pkey']) o, pg_identify_object('pg_class'::regclass, o::regclass, 0) i
---
type | schema | name | identity
table | ids | t | ids.t
view | ids | v | ids.v
index | ids | ids_i | ids.ids_i
sequence | ids | q | ids.q
table | pg_catalog | pg_class | pg_catalog.pg_class
index | ids | t_pkey | ids.t_pkey

select i.* from generate_series(1, 4) n, pg_identify_object('pg_class'::regclass, 'ids.t'::regclass, n) i
---
type | schema | name | identity
table column | ids | t | ids.t.id
table column | ids | t | ids.t."Odd name"
table column | ids | t | ids.t.n
table column | ids | t | ids.t.s

select i.* from unnest(array['int','ids.mood','ids.d','text[]','ids.mood[]', 'text']) o, pg_identify_object('pg_type'::regclass, o::regtype, 0) i
---
type | schema | name | identity
type | pg_catalog | int4 | integer
type | ids | mood | ids.mood
type | ids | d | ids.d
type | pg_catalog | _text | pg_catalog.text[]
type | ids | _mood | ids.mood[]
type | pg_catalog | text | pg_catalog.text

select i.* from pg_constraint c, pg_identify_object('pg_constraint'::regclass, c.oid, 0) i where connamespace = 'ids'::regnamespace order by conname
---
type | schema | name | identity
domain constraint | ids | NULL | dpos on ids.d
table constraint | ids | NULL | r_id_fkey on ids.r
table constraint | ids | NULL | t_n_check on ids.t
table constraint | ids | NULL | t_n_key on ids.t
table constraint | ids | NULL | t_pkey on ids.t

select i.* from pg_attrdef d, pg_identify_object('pg_attrdef'::regclass, d.oid, 0) i where adrelid = 'ids.t'::regclass order by adnum
---
type | schema | name | identity
default value | NULL | NULL | for ids.t."Odd name"
default value | NULL | NULL | for ids.t.s

select * from pg_identify_object('pg_namespace'::regclass, 'ids'::regnamespace, 0)
---
type | schema | name | identity
schema | NULL | ids | ids

select * from pg_identify_object('pg_collation'::regclass, 'ids.c'::regcollation, 0)
---
type | schema | name | identity
collation | ids | c | ids.c

select * from pg_identify_object('pg_collation'::regclass, '"C"'::regcollation, 0)
---
type | schema | name | identity
collation | pg_catalog | "C" | pg_catalog."C"

select * from pg_identify_object('pg_proc'::regclass, 'lower(text)'::regprocedure, 0)
---
type | schema | name | identity
function | pg_catalog | NULL | pg_catalog.lower(pg_catalog.text)

select * from pg_identify_object('pg_operator'::regclass, '+(int,int)'::regoperator, 0)
---
type | schema | name | identity
operator | pg_catalog | NULL | pg_catalog.+(integer,integer)

select i.* from pg_statistic_ext, pg_identify_object('pg_statistic_ext'::regclass, oid, 0) i where stxname = 'st'
---
type | schema | name | identity
statistics object | ids | st | ids.st

select * from pg_identify_object('pg_authid'::regclass, 'pg_monitor'::regrole, 0)
---
type | schema | name | identity
role | NULL | pg_monitor | pg_monitor

select * from pg_identify_object('pg_class'::regclass, 1, 0)
---
type | schema | name | identity
relation | NULL | NULL | NULL

select * from pg_identify_object('pg_type'::regclass, 1, 0)
---
type | schema | name | identity
type | NULL | NULL | NULL

select * from pg_identify_object('pg_constraint'::regclass, 1, 0)
---
type | schema | name | identity
constraint | NULL | NULL | NULL

select * from pg_identify_object('pg_namespace'::regclass, 1, 0)
---
type | schema | name | identity
schema | NULL | NULL | NULL

select (pg_identify_object('pg_class'::regclass, 'ids.t'::regclass, 0)).identity
---
identity
ids.t

select i.* from unnest(array['ids.t','ids.v','ids.ids_i','ids.q','pg_class','ids.t_pkey']) o, pg_identify_object_as_address('pg_class'::regclass, o::regclass, 0) i
---
type | object_names | object_args
table | {ids,t} | {}
view | {ids,v} | {}
index | {ids,ids_i} | {}
sequence | {ids,q} | {}
table | {pg_catalog,pg_class} | {}
index | {ids,t_pkey} | {}

select i.* from generate_series(1, 4) n, pg_identify_object_as_address('pg_class'::regclass, 'ids.t'::regclass, n) i
---
type | object_names | object_args
table column | {ids,t,id} | {}
table column | {ids,t,"Odd name"} | {}
table column | {ids,t,n} | {}
table column | {ids,t,s} | {}

select i.* from unnest(array['int','ids.mood','ids.d','text[]','ids.mood[]', 'text']) o, pg_identify_object_as_address('pg_type'::regclass, o::regtype, 0) i
---
type | object_names | object_args
type | {integer} | {}
type | {ids.mood} | {}
type | {ids.d} | {}
type | {pg_catalog.text[]} | {}
type | {ids.mood[]} | {}
type | {pg_catalog.text} | {}

select i.* from pg_constraint c, pg_identify_object_as_address('pg_constraint'::regclass, c.oid, 0) i where connamespace = 'ids'::regnamespace order by conname
---
type | object_names | object_args
domain constraint | {ids.d} | {dpos}
table constraint | {ids,r,r_id_fkey} | {}
table constraint | {ids,t,t_n_check} | {}
table constraint | {ids,t,t_n_key} | {}
table constraint | {ids,t,t_pkey} | {}

select i.* from pg_attrdef d, pg_identify_object_as_address('pg_attrdef'::regclass, d.oid, 0) i where adrelid = 'ids.t'::regclass order by adnum
---
type | object_names | object_args
default value | {ids,t,"Odd name"} | {}
default value | {ids,t,s} | {}

select * from pg_identify_object_as_address('pg_namespace'::regclass, 'ids'::regnamespace, 0)
---
type | object_names | object_args
schema | {ids} | {}

select * from pg_identify_object_as_address('pg_collation'::regclass, 'ids.c'::regcollation, 0)
---
type | object_names | object_args
collation | {ids,c} | {}

select * from pg_identify_object_as_address('pg_proc'::regclass, 'lower(text)'::regprocedure, 0)
---
type | object_names | object_args
function | {pg_catalog,lower} | {pg_catalog.text}

select * from pg_identify_object_as_address('pg_operator'::regclass, '+(int,int)'::regoperator, 0)
---
type | object_names | object_args
operator | {pg_catalog,+} | {integer,integer}

select i.* from pg_statistic_ext, pg_identify_object_as_address('pg_statistic_ext'::regclass, oid, 0) i where stxname = 'st'
---
type | object_names | object_args
statistics object | {ids,st} | {}

select * from pg_identify_object_as_address('pg_class'::regclass, 1, 0)
---
type | object_names | object_args
relation | NULL | NULL

select distinct pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid) from pg_depend where classid = 'pg_rewrite'::regclass and objid in (select oid from pg_rewrite where ev_class = 'ids.v'::regclass) order by 2
---
pg_describe_object | pg_describe_object
rule _RETURN on view ids.v | column id of table ids.t
rule _RETURN on view ids.v | view ids.v

select i.*, a.* from pg_rewrite, pg_identify_object('pg_rewrite'::regclass, oid, 0) i, pg_identify_object_as_address('pg_rewrite'::regclass, oid, 0) a where ev_class = 'ids.v'::regclass
---
type | schema | name | identity | type | object_names | object_args
rule | NULL | NULL | "_RETURN" on ids.v | rule | {ids,v,_RETURN} | {}

create sequence ids.p as smallint increment -2 minvalue -100 maxvalue 50 start 7 cache 3 cycle
---
ok 0

select * from pg_sequence_parameters('ids.p'::regclass)
---
start_value | minimum_value | maximum_value | increment | cycle_option | cache_size | data_type
7 | -100 | 50 | -2 | t | 3 | 21

select (pg_sequence_parameters('ids.q'::regclass)).*
---
start_value | minimum_value | maximum_value | increment | cycle_option | cache_size | data_type
1 | 1 | 9223372036854775807 | 1 | f | 1 | 20

select (pg_sequence_parameters('ids.p'::regclass)).increment
---
increment
-2

select * from pg_sequence_parameters(null)
---
start_value | minimum_value | maximum_value | increment | cycle_option | cache_size | data_type
NULL | NULL | NULL | NULL | NULL | NULL | NULL

create role ids_a
---
ok 0

grant select, insert on ids.t to ids_a with grant option
---
ok 0

grant update on ids.t to public
---
ok 0

select case when grantee = 0 then 'public' when grantee = 'ids_a'::regrole then 'ids_a' else 'owner' end as grantee, privilege_type, is_grantable from pg_class, aclexplode(relacl) where oid = 'ids.t'::regclass and not (privilege_type = 'MAINTAIN') order by 1, 2
---
grantee | privilege_type | is_grantable
ids_a | INSERT | t
ids_a | SELECT | t
owner | DELETE | f
owner | INSERT | f
owner | REFERENCES | f
owner | SELECT | f
owner | TRIGGER | f
owner | TRUNCATE | f
owner | UPDATE | f
public | UPDATE | f

select count(*) from aclexplode(null)
---
count
0

select (aclexplode(acldefault('n', 10))).privilege_type order by 1
---
privilege_type
CREATE
USAGE

select pg_partition_root('ids.t'), (select count(*) from pg_partition_tree('ids.t')), pg_trigger_depth(), row_security_active('ids.t'::regclass::oid), row_security_active('ids.t')
---
pg_partition_root | count | pg_trigger_depth | row_security_active | row_security_active
NULL | 0 | 0 | f | f

drop schema ids cascade
---
ok 0

drop role ids_a
---
ok 0
