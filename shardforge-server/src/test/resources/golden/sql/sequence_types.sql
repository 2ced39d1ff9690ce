create sequence typed minvalue -2147483648 start 1 as int
---
ok 0

alter sequence typed as smallint
---
ok 0

select data_type, start_value, min_value, max_value, increment_by from pg_sequences where sequencename = 'typed'
---
data_type | start_value | min_value | max_value | increment_by
smallint | 1 | -32768 | 32767 | 1

alter sequence typed as bigint no minvalue
---
ok 0

select data_type, start_value, min_value, max_value, increment_by from pg_sequences where sequencename = 'typed'
---
data_type | start_value | min_value | max_value | increment_by
bigint | 1 | -9223372036854775808 | 9223372036854775807 | 1

alter sequence typed as int increment -1 no minvalue no maxvalue start -5 restart
---
ok 0

select data_type, start_value, min_value, max_value, increment_by from pg_sequences where sequencename = 'typed'
---
data_type | start_value | min_value | max_value | increment_by
integer | -5 | -2147483648 | 2147483647 | -1

alter sequence typed as smallint
---
ok 0

select data_type, start_value, min_value, max_value, increment_by from pg_sequences where sequencename = 'typed'
---
data_type | start_value | min_value | max_value | increment_by
smallint | -5 | -32768 | 32767 | -1

alter sequence typed as int minvalue -40000
---
ok 0

alter sequence typed as smallint
---
ERROR 22023: MINVALUE (-40000) is out of range for sequence data type smallint

alter sequence typed as smallint minvalue -40000
---
ERROR 22023: MINVALUE (-40000) is out of range for sequence data type smallint

alter sequence typed as bigint maxvalue 32768 increment 1
---
ok 0

alter sequence typed as smallint
---
ERROR 22023: MAXVALUE (32768) is out of range for sequence data type smallint

select data_type, start_value, min_value, max_value, increment_by from pg_sequences where sequencename = 'typed'
---
data_type | start_value | min_value | max_value | increment_by
bigint | -5 | -40000 | 32768 | 1

drop sequence typed
---
ok 0

create table clustered (a int primary key, b int)
---
ok 0

create index clustered_b on clustered (b)
---
ok 0

cluster
---
ok 0

cluster clustered using clustered_pkey
---
ok 0

cluster clustered
---
ok 0

cluster clustered using nothing
---
ERROR 42704: index "nothing" for table "clustered" does not exist

cluster nothing using clustered_pkey
---
ERROR 42P01: relation "nothing" does not exist

begin
---
ok 0

cluster clustered using clustered_pkey
---
ok 0

cluster
---
ERROR 25001: CLUSTER cannot run inside a transaction block

rollback
---
ok 0

drop table clustered
---
ok 0

create table clustered (a int)
---
ok 0

cluster clustered
---
ERROR 42704: there is no previously clustered index for table "clustered"

drop table clustered
---
ok 0
