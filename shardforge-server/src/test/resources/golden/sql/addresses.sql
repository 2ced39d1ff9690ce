create schema oas
---
ok 0

create table oas.t (i int primary key, d int default 3 constraint dc check (d > 0), constraint u unique (d))
---
ok 0

create view oas.v as select i from oas.t
---
ok 0

create sequence oas.s
---
ok 0

with a (kind, names, arguments) as (values ('table', '{oas,t}'::text[], '{}'::text[]), ('view', '{oas,v}', '{}'), ('sequence', '{oas,s}', '{}'), ('index', '{oas,t_pkey}', '{}'), ('table column', '{oas,t,d}', '{}'), ('table constraint', '{oas,t,dc}', '{}'), ('table constraint', '{oas,t,u}', '{}'), ('default value', '{oas,t,d}', '{}'), ('schema', '{oas}', '{}'), ('type', '{int4}', '{}'), ('collation', '{pg_catalog,C}', '{}'), ('function', '{abs}', '{int4}'), ('aggregate', '{pg_catalog,sum}', '{bigint}'), ('operator', '{+}', '{int4,int4}')) select a.kind, i.type, i.schema, i.identity from a, pg_get_object_address(kind, names, arguments) o, pg_identify_object(o.classid, o.objid, o.objsubid) i
---
kind | type | schema | identity
table | table | oas | oas.t
view | view | oas | oas.v
sequence | sequence | oas | oas.s
index | index | oas | oas.t_pkey
table column | table column | oas | oas.t.d
table constraint | table constraint | oas | dc on oas.t
table constraint | table constraint | oas | u on oas.t
default value | default value | NULL | for oas.t.d
schema | schema | NULL | oas
type | type | pg_catalog | integer
collation | collation | pg_catalog | pg_catalog."C"
function | function | pg_catalog | pg_catalog.abs(integer)
aggregate | aggregate | pg_catalog | pg_catalog.sum(bigint)
operator | operator | pg_catalog | pg_catalog.+(integer,integer)

select * from pg_get_object_address('table', '{oas,tt}', '{}')
---
ERROR 42P01: relation "oas.tt" does not exist

select * from pg_get_object_address('tablex', '{oas,tt}', '{}')
---
ERROR 22023: unrecognized object type "tablex"

select * from pg_get_object_address('view', '{oas,t}', '{}')
---
ERROR 42809: "t" is not a view

select * from pg_get_object_address('view column', '{oas,v,i}', '{}')
---
ERROR 22023: unsupported object type "view column"

select * from pg_get_object_address('index', '{oas,t}', '{}')
---
ERROR 42809: "t" is not an index

select * from pg_get_object_address('table column', '{oas,t,x}', '{}')
---
ERROR 42703: column "x" of relation "oas.t" does not exist

select * from pg_get_object_address('table column', '{i}', '{}')
---
ERROR 42601: column name must be qualified

select * from pg_get_object_address('schema', '{oas,t}', '{}')
---
ERROR 22023: name list length must be exactly 1

select * from pg_get_object_address('schema', '{oas2}', '{}')
---
ERROR 3F000: schema "oas2" does not exist

select * from pg_get_object_address('role', '{oas2}', '{}')
---
ERROR 42704: role "oas2" does not exist

select * from pg_get_object_address('table constraint', '{oas,t,dcx}', '{}')
---
ERROR 42704: constraint "dcx" for table "t" does not exist

select * from pg_get_object_address('default value', '{oas,t,i}', '{}')
---
ERROR 42703: default value for column "i" of relation "oas.t" does not exist

select * from pg_get_object_address('type', '{int4x}', '{}')
---
ERROR 42704: type "int4x" does not exist

select * from pg_get_object_address('function', '{abs}', '{text}')
---
ERROR 42883: function abs(text) does not exist

select * from pg_get_object_address('collation', '{Cx}', '{}')
---
ERROR 42704: collation "Cx" for encoding "UTF8" does not exist

select * from pg_get_object_address('table', '{}', '{}')
---
ERROR 22023: name list length must be at least 1

select * from pg_get_object_address('table', '{t,NULL}', '{}')
---
ERROR 22023: name or argument lists may not contain nulls

select name, abbrev, utc_offset, is_dst from pg_timezone_names where name in ('UTC', 'Asia/Kolkata', 'Asia/Tokyo') order by name
---
name | abbrev | utc_offset | is_dst
Asia/Kolkata | IST | 05:30:00 | f
Asia/Tokyo | JST | 09:00:00 | f
UTC | UTC | 00:00:00 | f

select count(*) > 300 from pg_timezone_names()
---
?column?
t

select abbrev, utc_offset, is_dst from pg_timezone_abbrevs where abbrev in ('CEST', 'MSK', 'NST') order by 1
---
abbrev | utc_offset | is_dst
CEST | 02:00:00 | t
MSK | 03:00:00 | f
NST | -03:30:00 | f

select count(*) from pg_timezone_abbrevs() where abbrev = 'UTC'
---
count
1

select inet_server_addr() is null, inet_server_port() > 0, inet_client_addr() = inet_server_addr()
---
?column? | ?column? | ?column?
f | t | t

drop schema oas cascade
---
notice drop cascades to 3 other objects
detail drop cascades to table oas.t
drop cascades to view oas.v
drop cascades to sequence oas.s
ok 0
