select oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolbypassrls from pg_roles where rolname in ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables', 'pg_signal_backend', 'pg_checkpoint', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_database_owner', 'pg_read_all_data', 'pg_write_all_data') order by oid
---
oid | rolname | rolsuper | rolinherit | rolcreaterole | rolcreatedb | rolcanlogin | rolreplication | rolconnlimit | rolbypassrls
3373 | pg_monitor | f | t | f | f | f | f | -1 | f
3374 | pg_read_all_settings | f | t | f | f | f | f | -1 | f
3375 | pg_read_all_stats | f | t | f | f | f | f | -1 | f
3377 | pg_stat_scan_tables | f | t | f | f | f | f | -1 | f
4200 | pg_signal_backend | f | t | f | f | f | f | -1 | f
4544 | pg_checkpoint | f | t | f | f | f | f | -1 | f
4569 | pg_read_server_files | f | t | f | f | f | f | -1 | f
4570 | pg_write_server_files | f | t | f | f | f | f | -1 | f
4571 | pg_execute_server_program | f | t | f | f | f | f | -1 | f
6171 | pg_database_owner | f | t | f | f | f | f | -1 | f
6181 | pg_read_all_data | f | t | f | f | f | f | -1 | f
6182 | pg_write_all_data | f | t | f | f | f | f | -1 | f

select roleid::regrole, member::regrole, admin_option from pg_auth_members where member = 3373 order by roleid
---
roleid | member | admin_option
pg_read_all_settings | pg_monitor | f
pg_read_all_stats | pg_monitor | f
pg_stat_scan_tables | pg_monitor | f

create role pg_mine
---
ERROR 42939: role name "pg_mine" is reserved
detail Role names starting with "pg_" are reserved.

alter role pg_monitor login
---
ERROR 42939: role name "pg_monitor" is reserved
detail Cannot alter reserved roles.

alter role pg_monitor set work_mem = '1MB'
---
ERROR 42939: role name "pg_monitor" is reserved
detail Cannot alter reserved roles.

alter role pg_monitor rename to monitor
---
ERROR 42939: role name "pg_monitor" is reserved
detail Role names starting with "pg_" are reserved.

alter group pg_monitor add user current_user
---
ERROR 42939: role name "pg_monitor" is reserved
detail Cannot alter reserved roles.

alter role pg_nobody login
---
ERROR 42939: role name "pg_nobody" is reserved
detail Cannot alter reserved roles.

drop role pg_monitor
---
ERROR 2BP01: cannot drop role pg_monitor because it is required by the database system

drop role if exists pg_nobody
---
notice role "pg_nobody" does not exist, skipping
ok 0

drop owned by pg_monitor
---
ERROR 2BP01: cannot drop objects owned by role pg_monitor because they are required by the database system

reassign owned by pg_monitor to current_user
---
ERROR 2BP01: cannot reassign ownership of objects owned by role pg_monitor because they are required by the database system

create role pr_reader
---
ok 0

create role pr_writer
---
ok 0

create role pr_other
---
ok 0

grant pg_read_all_data to pr_reader
---
ok 0

grant pg_write_all_data to pr_writer with admin option
---
ok 0

grant pg_monitor to pr_other
---
ok 0

select roleid::regrole, member::regrole, admin_option from pg_auth_members where member::regrole::text like 'pr\_%' order by 1, 2
---
roleid | member | admin_option
pg_monitor | pr_other | f
pg_read_all_data | pr_reader | f
pg_write_all_data | pr_writer | t

create schema pr
---
ok 0

create table pr.t (a int primary key, b text)
---
ok 0

create view pr.v as select b from pr.t
---
ok 0

create sequence pr.s
---
ok 0

insert into pr.t values (1, 'x')
---
ok 1

set role pr_reader
---
ok 0

select * from pr.t
---
a | b
1 | x

select * from pr.v
---
b
x

select last_value from pr.s
---
last_value
1

select count(*) from pg_authid where oid = 3373
---
count
1

select nextval('pr.s')
---
ERROR 42501: permission denied for sequence s

insert into pr.t values (2, 'y')
---
ERROR 42501: permission denied for table t

update pr.t set b = 'z'
---
ERROR 42501: permission denied for table t

delete from pr.t
---
ERROR 42501: permission denied for table t

truncate pr.t
---
ERROR 42501: permission denied for table t

select * from pr.t for update
---
ERROR 42501: permission denied for table t

select * from pr.t for share
---
ERROR 42501: permission denied for table t

select has_table_privilege('pr.t', 'select'), has_table_privilege('pr.t', 'select with grant option'), has_table_privilege('pr.t', 'insert'), has_table_privilege('pr.t', 'truncate'), has_sequence_privilege('pr.s', 'select'), has_sequence_privilege('pr.s', 'usage'), has_schema_privilege('pr', 'usage'), has_schema_privilege('pr', 'create'), has_column_privilege('pr.t', 'a', 'select'), has_any_column_privilege('pr.t', 'update'), has_table_privilege('pg_authid', 'select'), has_table_privilege('pg_authid', 'insert')
---
has_table_privilege | has_table_privilege | has_table_privilege | has_table_privilege | has_sequence_privilege | has_sequence_privilege | has_schema_privilege | has_schema_privilege | has_column_privilege | has_any_column_privilege | has_table_privilege | has_table_privilege
t | f | f | f | t | f | t | f | t | f | t | f

reset role
---
ok 0

set role pr_writer
---
ok 0

insert into pr.t values (2, 'y')
---
ok 1

insert into pr.t values (3, 'y') returning a
---
ERROR 42501: permission denied for table t

update pr.t set b = 'z'
---
ok 2

update pr.t set b = b || 'z'
---
ERROR 42501: permission denied for table t

delete from pr.t
---
ok 2

select * from pr.t
---
ERROR 42501: permission denied for table t

select nextval('pr.s'), currval('pr.s')
---
ERROR 42501: permission denied for sequence s

select setval('pr.s', 7)
---
setval
7

truncate pr.t
---
ERROR 42501: permission denied for table t

select has_table_privilege('pr.t', 'select'), has_table_privilege('pr.t', 'insert'), has_table_privilege('pr.t', 'update'), has_table_privilege('pr.t', 'delete'), has_table_privilege('pr.t', 'truncate'), has_table_privilege('pr.t', 'references'), has_sequence_privilege('pr.s', 'update'), has_sequence_privilege('pr.s', 'usage'), has_schema_privilege('pr', 'usage'), has_schema_privilege('pr', 'create'), has_table_privilege('pg_authid', 'insert')
---
has_table_privilege | has_table_privilege | has_table_privilege | has_table_privilege | has_table_privilege | has_table_privilege | has_sequence_privilege | has_sequence_privilege | has_schema_privilege | has_schema_privilege | has_table_privilege
f | t | t | t | f | f | t | f | t | f | f

grant pg_write_all_data to pr_other
---
ok 0

reset role
---
ok 0

set role pr_other
---
ok 0

select pg_has_role('pg_monitor', 'usage'), pg_has_role('pg_read_all_stats', 'usage'), pg_has_role('pg_read_all_data', 'usage'), pg_has_role('pg_write_all_data', 'member')
---
pg_has_role | pg_has_role | pg_has_role | pg_has_role
t | t | f | t

select * from pr.t
---
ERROR 42501: permission denied for table t

update pr.t set b = null
---
ok 0

set role pg_read_all_data
---
ok 0

set role pg_monitor
---
ok 0

select current_user
---
current_user
pg_monitor

reset role
---
ok 0

revoke pg_monitor, pg_write_all_data from pr_other
---
ok 0

grant pr_reader to pg_monitor
---
ok 0

grant pg_monitor to pr_reader
---
ERROR 0LP01: role "pg_monitor" is a member of role "pr_reader"

select roleid::regrole from pg_auth_members where member = 3373 order by roleid
---
roleid
pg_read_all_settings
pg_read_all_stats
pg_stat_scan_tables
pr_reader

revoke pr_reader from pg_monitor
---
ok 0

select roleid::regrole from pg_auth_members where member = 3373 order by roleid
---
roleid
pg_read_all_settings
pg_read_all_stats
pg_stat_scan_tables

grant select on pr.t to pg_monitor
---
ok 0

select relacl::text ~ 'pg_monitor=r/' from pg_class where oid = 'pr.t'::regclass
---
?column?
t

revoke all on pr.t from pg_monitor
---
ok 0

alter role pr_reader noinherit
---
ok 0

select has_table_privilege('pr_reader', 'pr.t', 'select'), has_schema_privilege('pr_reader', 'pr', 'usage'), pg_has_role('pr_reader', 'pg_read_all_data', 'member')
---
has_table_privilege | has_schema_privilege | pg_has_role
f | f | t

drop schema pr cascade
---
notice drop cascades to 3 other objects
detail drop cascades to table pr.t
drop cascades to view pr.v
drop cascades to sequence pr.s
ok 0

drop role pr_reader, pr_writer, pr_other
---
ok 0
