select * from pg_listening_channels()
---
pg_listening_channels

listen a
---
ok 0

listen "B c"
---
ok 0

listen a
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels
a
B c

begin
---
ok 0

listen c
---
ok 0

unlisten a
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels
a
B c

commit
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels
B c
c

begin
---
ok 0

unlisten *
---
ok 0

listen d
---
ok 0

rollback
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels
B c
c

begin
---
ok 0

savepoint s
---
ok 0

unlisten *
---
ok 0

rollback to s
---
ok 0

listen e
---
ok 0

savepoint t
---
ok 0

listen f
---
ok 0

release t
---
ok 0

commit
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels
B c
c
e
f

unlisten nothing
---
ok 0

notify a
---
ok 0

notify a, 'text'
---
ok 0

notify "B c", ''
---
ok 0

select pg_notify('a', 'x'), pg_notify('a', null)
---
pg_notify | pg_notify
'' | ''

select pg_notify('', 'x')
---
ERROR 22023: channel name cannot be empty

select pg_notify(null, 'x')
---
ERROR 22023: channel name cannot be empty

select pg_notify(repeat('x', 63), 'x')
---
pg_notify
''

select pg_notify(repeat('x', 64), 'x')
---
ERROR 22023: channel name too long

select pg_notify(repeat('ä', 32), 'x')
---
ERROR 22023: channel name too long

select pg_notify('a', repeat('x', 7999))
---
pg_notify
''

select pg_notify('a', repeat('x', 8000))
---
ERROR 22023: payload string too long

select pg_notify('a', repeat('ä', 4000))
---
ERROR 22023: payload string too long

begin read only
---
ok 0

notify a
---
ok 0

listen g
---
ok 0

rollback
---
ok 0

select pg_notification_queue_usage()
---
pg_notification_queue_usage
0

begin
---
ok 0

select 1 / 0
---
ERROR 22012: division by zero

listen h
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

notify a
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

rollback
---
ok 0

unlisten *
---
ok 0

select * from pg_listening_channels()
---
pg_listening_channels

listen a
---
ok 0

discard all
---
ok 0

select count(*) from pg_listening_channels()
---
count
0

notify
---
ERROR 42601: syntax error at end of input
at 7

listen a, b
---
ERROR 42601: syntax error at or near ","
at 9
