set timezone = 'gmt-3'
---
ok 0

show timezone
---
TimeZone
GMT-3

set timezone = 'europe/paris'
---
ok 0

show timezone
---
TimeZone
Europe/Paris

reset timezone
---
ok 0

set datestyle = 'ISO, European'
---
ok 0

show datestyle
---
DateStyle
ISO, DMY

set datestyle = 'noneuropean'
---
ok 0

show datestyle
---
DateStyle
ISO, MDY

reset datestyle
---
ok 0

begin isolation level read uncommitted
---
ok 0

show transaction_isolation
---
transaction_isolation
read uncommitted

set transaction isolation level read committed
---
ok 0

show transaction_isolation
---
transaction_isolation
read committed

commit
---
ok 0

set default_transaction_isolation = 'READ UNCOMMITTED'
---
ok 0

select current_setting('transaction_isolation')
---
current_setting
read uncommitted

reset default_transaction_isolation
---
ok 0

create sequence drawn
---
ok 0

select count(*) from (select nextval('drawn'), g from generate_series(1, 3) g) x
---
count
3

select g from (select nextval('drawn'), g from generate_series(1, 2) g) x
---
g
1
2

select nextval('drawn')
---
nextval
6

drop sequence drawn
---
ok 0

prepare known(int, text) as select $1, $2
---
ok 0

select name, statement, parameter_types, from_sql from pg_prepared_statements where name = 'known'
---
name | statement | parameter_types | from_sql
known | prepare known(int, text) as select $1, $2 | {integer,text} | t

deallocate known
---
ok 0

select name from pg_prepared_statements where from_sql
---
name

select pg_cancel_backend(pg_backend_pid())
---
ERROR 57014: canceling statement due to user request
