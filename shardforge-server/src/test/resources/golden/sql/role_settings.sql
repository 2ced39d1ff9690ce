create role set_a
---
ok 0

create role set_b login
---
ok 0

create database set_db
---
ok 0

alter role set_a set statement_timeout = '5s'
---
ok 0

alter role set_a set search_path to "Odd", public
---
ok 0

alter role set_a set timezone = 'UTC'
---
ok 0

alter user set_a set "my.own" = 'x=y'
---
ok 0

alter role set_a in database set_db set datestyle to 'SQL, DMY'
---
ok 0

alter database set_db set lock_timeout to 100
---
ok 0

alter role all set extra_float_digits = 2
---
ok 0

alter role all in database set_db set idle_session_timeout = '1h'
---
ok 0

select coalesce(r.rolname, 'all') as role, coalesce(d.datname, 'all') as database, setconfig from pg_db_role_setting s left join pg_roles r on r.oid = setrole left join pg_database d on d.oid = setdatabase where coalesce(r.rolname, '') like any (array['', 'set_%']) order by 1, 2
---
role | database | setconfig
all | all | {extra_float_digits=2}
all | set_db | {lock_timeout=100,idle_session_timeout=1h}
set_a | all | {statement_timeout=5s,"search_path=\"Odd\", public",TimeZone=UTC,my.own=x=y}
set_a | set_db | {"DateStyle=SQL, DMY"}

select rolname, rolconfig from pg_roles where rolname like 'set_%' order by 1
---
rolname | rolconfig
set_a | {statement_timeout=5s,"search_path=\"Odd\", public",TimeZone=UTC,my.own=x=y}
set_b | NULL

select usename, useconfig from pg_user where usename like 'set_%'
---
usename | useconfig
set_b | NULL

alter role set_a set statement_timeout = '6s'
---
ok 0

alter role set_a set "MY.OWN" = 'z'
---
ok 0

alter role set_a set timezone to default
---
ok 0

alter role set_a reset search_path
---
ok 0

alter role set_a reset search_path
---
ok 0

select rolconfig from pg_roles where rolname = 'set_a'
---
rolconfig
{statement_timeout=6s,my.own=z}

set application_name = 'from here'
---
ok 0

alter role set_a set application_name from current
---
ok 0

reset application_name
---
ok 0

select rolconfig from pg_roles where rolname = 'set_a'
---
rolconfig
{statement_timeout=6s,my.own=z,"application_name=from here"}

alter role set_a reset all
---
ok 0

select rolconfig from pg_roles where rolname = 'set_a'
---
rolconfig
NULL

alter role set_a in database set_db reset all
---
ok 0

alter role set_a in database set_db reset all
---
ok 0

alter role all reset extra_float_digits
---
ok 0

select count(*) from pg_db_role_setting where setrole = 0 and setdatabase = 0
---
count
0

alter role set_a set nonsense = 1
---
ERROR 42704: unrecognized configuration parameter "nonsense"

alter role set_a set statement_timeout = 'soon'
---
ERROR 22023: invalid value for parameter "statement_timeout": "soon"

alter role set_a set server_version = '18'
---
ERROR 55P02: parameter "server_version" cannot be changed

alter role set_a reset nonsense
---
ok 0

alter role nobody set statement_timeout = 1
---
ERROR 42704: role "nobody" does not exist

alter role set_a in database nowhere set statement_timeout = 1
---
ERROR 3D000: database "nowhere" does not exist

alter database nowhere set statement_timeout = 1
---
ERROR 3D000: database "nowhere" does not exist

begin
---
ok 0

alter role set_a set statement_timeout = 1
---
ok 0

rollback
---
ok 0

select rolconfig from pg_roles where rolname = 'set_a'
---
rolconfig
NULL

alter role set_b set statement_timeout = 7
---
ok 0

set session authorization set_b
---
ok 0

alter role set_b set lock_timeout = 8
---
ok 0

alter role current_user set bytea_output = 'escape'
---
ok 0

alter database set_db set lock_timeout = 8
---
ERROR 42501: must be owner of database set_db

alter role set_b set "my.thing" = 1
---
ERROR 42501: permission denied to set parameter "my.thing"

reset session authorization
---
ok 0

select rolconfig from pg_roles where rolname = 'set_b'
---
rolconfig
{statement_timeout=7,lock_timeout=8,bytea_output=escape}

alter role set_a in database set_db set lock_timeout = 9
---
ok 0

drop role set_a
---
ok 0

drop database set_db
---
ok 0

select count(*) from pg_db_role_setting
---
count
1

drop role set_b
---
ok 0

select count(*) from pg_db_role_setting
---
count
0
