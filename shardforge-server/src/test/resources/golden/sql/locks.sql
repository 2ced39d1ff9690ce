select pg_advisory_lock(1), pg_advisory_lock_shared(2), pg_advisory_lock(-1, -2), pg_advisory_lock(1234567890123)
---
pg_advisory_lock | pg_advisory_lock_shared | pg_advisory_lock | pg_advisory_lock
'' | '' | '' | ''

select locktype, classid, objid, objsubid, mode, granted, fastpath, relation, page, tuple, virtualxid, transactionid, waitstart from pg_locks where locktype = 'advisory' order by classid, objid
---
locktype | classid | objid | objsubid | mode | granted | fastpath | relation | page | tuple | virtualxid | transactionid | waitstart
advisory | 0 | 1 | 1 | ExclusiveLock | t | f | NULL | NULL | NULL | NULL | NULL | NULL
advisory | 0 | 2 | 1 | ShareLock | t | f | NULL | NULL | NULL | NULL | NULL | NULL
advisory | 287 | 1912276171 | 1 | ExclusiveLock | t | f | NULL | NULL | NULL | NULL | NULL | NULL
advisory | 4294967295 | 4294967294 | 2 | ExclusiveLock | t | f | NULL | NULL | NULL | NULL | NULL | NULL

select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and database = (select oid from pg_database where datname = current_database())
---
count
4

select pg_advisory_unlock(1), pg_advisory_unlock_shared(2)
---
pg_advisory_unlock | pg_advisory_unlock_shared
t | t

begin
---
ok 0

select pg_advisory_xact_lock(7), pg_advisory_xact_lock_shared(7, 8)
---
pg_advisory_xact_lock | pg_advisory_xact_lock_shared
'' | ''

select classid, objid, objsubid, mode from pg_locks where locktype = 'advisory' order by classid, objid
---
classid | objid | objsubid | mode
0 | 7 | 1 | ExclusiveLock
7 | 8 | 2 | ShareLock
287 | 1912276171 | 1 | ExclusiveLock
4294967295 | 4294967294 | 2 | ExclusiveLock

commit
---
ok 0

select classid, objid, objsubid, mode from pg_locks where locktype = 'advisory' order by classid, objid
---
classid | objid | objsubid | mode
287 | 1912276171 | 1 | ExclusiveLock
4294967295 | 4294967294 | 2 | ExclusiveLock

select pg_advisory_unlock_all()
---
pg_advisory_unlock_all
''

select count(*) from pg_locks where locktype = 'advisory'
---
count
0

select pg_blocking_pids(pg_backend_pid()), pg_blocking_pids(null)
---
pg_blocking_pids | pg_blocking_pids
{} | NULL

select pg_typeof(pg_blocking_pids(0))
---
pg_typeof
integer[]

select wait_event_type, wait_event, state from pg_stat_activity where pid = pg_backend_pid()
---
wait_event_type | wait_event | state
NULL | NULL | active

create table lock_t (id int primary key, v int)
---
ok 0

create view lock_v as select id from lock_t
---
ok 0

create sequence lock_s
---
ok 0

create role lock_role
---
ok 0

grant insert on lock_t to lock_role
---
ok 0

lock table lock_t
---
ERROR 25P01: LOCK TABLE can only be used in transaction blocks

begin
---
ok 0

lock table lock_t
---
ok 0

lock lock_t in access share mode
---
ok 0

lock table lock_t, lock_v in share row exclusive mode nowait
---
ok 0

insert into lock_t values (1, 1)
---
ok 1

lock table only lock_t in row exclusive mode
---
ok 0

update lock_t set v = 2
---
ok 1

savepoint a
---
ok 0

lock table lock_none in share mode
---
ERROR 42P01: relation "lock_none" does not exist

rollback to a
---
ok 0

lock table lock_s in share mode
---
ERROR 42809: cannot lock relation "lock_s"
detail This operation is not supported for sequences.

rollback to a
---
ok 0

lock table lock_v in exclusive mode
---
ok 0

commit
---
ok 0

select * from lock_t
---
id | v
1 | 2

begin isolation level repeatable read read only
---
ok 0

lock table lock_t in access share mode
---
ok 0

rollback
---
ok 0

begin
---
ok 0

set local role lock_role
---
ok 0

lock table lock_t in row exclusive mode
---
ok 0

lock table lock_t in share mode
---
ERROR 42501: permission denied for table lock_t

rollback
---
ok 0

drop view lock_v
---
ok 0

drop table lock_t
---
ok 0

drop sequence lock_s
---
ok 0

drop role lock_role
---
ok 0

create role lock_viewer
---
ok 0

create schema lock_s authorization lock_viewer
---
ok 0

create table lock_s.seen (a int)
---
ok 0

grant select on lock_s.seen to lock_viewer
---
ok 0

set role lock_viewer
---
ok 0

create view lock_s.view as select a from lock_s.seen
---
ok 0

begin
---
ok 0

lock table lock_s.view in access share mode
---
ok 0

lock table lock_s.view in exclusive mode
---
ERROR 42501: permission denied for table seen

rollback
---
ok 0

reset role
---
ok 0

drop schema lock_s cascade
---
notice drop cascades to 2 other objects
detail drop cascades to table lock_s.seen
drop cascades to view lock_s.view
ok 0

drop role lock_viewer
---
ok 0
