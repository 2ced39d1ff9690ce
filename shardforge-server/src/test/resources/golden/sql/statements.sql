# A query string has no parameters.
select $1
---
ERROR 42P02: there is no parameter $1
at 8

select 1 + $2::int from generate_series(1, 2)
---
ERROR 42P02: there is no parameter $2
at 12

prepare p1 as select $1::int + 1 as x, $2 || 'b' as y
---
ok 0

execute p1(41, 'a')
---
x | y
42 | ab

execute p1(41)
---
ERROR 42601: wrong number of parameters for prepared statement "p1"
detail Expected 2 parameters but got 1.

deallocate p1
---
ok 0

# All parts of a statement see the rows as they were before it.
create table q (id int primary key, n int unique, t text)
---
ok 0

create table log (id int, n int)
---
ok 0

insert into q values (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c')
---
ok 3

with i as (insert into q values (4, 40, 'd') returning id) select (select count(*) from q), (select id from i)
---
count | id
3 | 4

with u as (update q set n = n + 1 where id < 3 returning id, n) select q.id, q.n as before, u.n as after from q left join u using (id) order by 1
---
id | before | after
1 | 10 | 11
2 | 20 | 21
3 | 30 | NULL
4 | 40 | NULL

with d as (delete from q where id = 4 returning *) insert into log select id, n from d returning *
---
id | n
4 | 40

with u as (update q set t = t || '!' returning id) select count(*) from u
---
count
3

with d as (delete from q where id = 3) select count(*) from q
---
count
3

select * from q order by id
---
id | n | t
1 | 11 | a!
2 | 21 | b!

with a as (insert into q values (5, 50, 'e')), b as (insert into log select id, n from q) select 1
---
?column?
1

select * from log order by id
---
id | n
1 | 11
2 | 21
4 | 40

with i as (insert into q values (6, 50, 'f')) select 1
---
ERROR 23505: duplicate key value violates unique constraint "q_n_key"
detail Key (n)=(50) already exists.

with i as (insert into q values (1, 99, 'g') on conflict (id) do update set t = 'up' returning id, t) select q.t, i.t from q, i where q.id = i.id
---
t | t
a! | up

select id, n, t from q order by id
---
id | n | t
1 | 11 | up
2 | 21 | b!
5 | 50 | e

# Rows behind a LIMIT are not computed.
select 1/(3-g) from generate_series(1,5) g limit 2
---
?column?
0
1

select 1/(3-g) from generate_series(1,5) g limit 3
---
ERROR 22012: division by zero

select g from generate_series(1,5) g where 1/(3-g) > -5 limit 2
---
g
1
2

select g from generate_series(1,5) g where 1/(3-g) > -5 offset 1 limit 2
---
ERROR 22012: division by zero

select exists (select 1/(3-g) from generate_series(1,5) g)
---
exists
t

create sequence sq
---
ok 0

select nextval('sq') from generate_series(1,5) limit 2
---
nextval
1
2

select nextval('sq')
---
nextval
3

select id / (id - 3) from (select * from q order by id) x limit 2
---
?column?
0
-2

# Definitions mean the same whatever the search path is.
create schema sx
---
ok 0

set search_path to sx, public
---
ok 0

create sequence sx.s2
---
ok 0

create table sx.tx (a int default nextval('s2'), b text default lower('ABC') check (length(b) < 5))
---
ok 0

set search_path to public
---
ok 0

insert into sx.tx default values returning *
---
a | b
1 | abc

drop schema sx cascade
---
notice drop cascades to 2 other objects
detail drop cascades to sequence sx.s2
drop cascades to table sx.tx
ok 0

# An error is over with its query string.
create table two (a int)
---
ok 0

select 1/0
---
ERROR 22012: division by zero

insert into two values (1); insert into two values (2)
---
ok 1
ok 1

select count(*) from two
---
count
2

drop table two
---
ok 0

# Roles.
create role r1
---
ok 0

create role r2
---
ok 0

create role r3 login
---
ok 0

grant r1 to r3
---
ok 0

grant select on q to r1
---
ok 0

select current_user, session_user, current_setting('role')
---
current_user | session_user | current_setting
shardforge | shardforge | none

set role r1
---
ok 0

select current_user, session_user, current_setting('role'), current_setting('is_superuser')
---
current_user | session_user | current_setting | current_setting
r1 | shardforge | r1 | off

select count(*) from q
---
count
3

insert into q values (100)
---
ERROR 42501: permission denied for table q

set role r2
---
ok 0

select count(*) from q
---
ERROR 42501: permission denied for table q

set role none
---
ok 0

select current_user
---
current_user
shardforge

set session authorization r3
---
ok 0

select current_user, session_user
---
current_user | session_user
r3 | r3

set role r1
---
ok 0

select current_user, session_user
---
current_user | session_user
r1 | r3

set role r2
---
ERROR 42501: permission denied to set role "r2"

reset role
---
ok 0

select current_user, session_user
---
current_user | session_user
r3 | r3

select count(*) from q
---
count
3

set session authorization r2
---
ok 0

reset session authorization
---
ok 0

select current_user, session_user
---
current_user | session_user
shardforge | shardforge

set role nosuch
---
ERROR 22023: role "nosuch" does not exist

set session authorization nosuch
---
ERROR 22023: role "nosuch" does not exist

begin
---
ok 0

set local role r1
---
ok 0

select current_user
---
current_user
r1

commit
---
ok 0

select current_user
---
current_user
shardforge

begin
---
ok 0

set role r1
---
ok 0

rollback
---
ok 0

select current_user
---
current_user
shardforge

show role
---
role
none

revoke all on q from r1
---
ok 0

drop role r1, r2, r3
---
ok 0

drop table q, log
---
ok 0

drop sequence sq
---
ok 0

# Literals at the ends.
select -2147483648 - 1
---
ERROR 22003: integer out of range

select pg_typeof(-2147483648), pg_typeof(-2147483649), pg_typeof(-9223372036854775808), pg_typeof(-9223372036854775809)
---
pg_typeof | pg_typeof | pg_typeof | pg_typeof
integer | bigint | bigint | numeric

select -9223372036854775808 - 1
---
ERROR 22003: bigint out of range

select row(1, 'a', null)::text, row(1)::text
---
row | row
(1,a,) | (1)

select length(row(1, 2)::text)
---
length
5

# The name of an only OUT argument names the column.
select * from jsonb_array_elements('[1,2]')
---
value
1
2

select * from jsonb_array_elements_text('["a"]') as t
---
value
a

show password_encryption
---
password_encryption
scram-sha-256

set password_encryption = 'md5'
---
ERROR 22023: invalid value for parameter "password_encryption": "md5"
hint Available values: scram-sha-256.

set time zone interval '+02:00' hour to minute
---
ok 0

select current_setting('timezone'), '2024-01-01 00:00+00'::timestamptz
---
current_setting | timestamptz
<+02>-02 | 2024-01-01 02:00:00+02

set time zone interval '1 month'
---
ERROR 22023: cannot specify months in time zone interval

set timezone = '+02:00'
---
ok 0

select '2024-01-01 00:00+00'::timestamptz
---
timestamptz
2023-12-31 22:00:00-02

set timezone = -3.5
---
ok 0

select current_setting('timezone'), '2024-01-01 00:00+00'::timestamptz
---
current_setting | timestamptz
<-03:30>+03:30 | 2023-12-31 20:30:00-03:30

set timezone = 'GMT-05:30'
---
ok 0

select '2024-01-01 00:00+00'::timestamptz
---
timestamptz
2024-01-01 05:30:00+05:30

set timezone = 'europe/berlin'
---
ok 0

select current_setting('timezone')
---
current_setting
Europe/Berlin

set timezone = 'PST'
---
ERROR 22023: invalid value for parameter "TimeZone": "PST"

reset timezone
---
ok 0

select pg_advisory_unlock_all()
---
pg_advisory_unlock_all
''

close all
---
ok 0

close c
---
ERROR 34000: cursor "c" does not exist

unlisten *
---
ok 0

create table indexed (a int primary key, b int)
---
ok 0

create index on indexed (b desc)
---
ok 0

select i.indexrelid::regclass, pg_index_column_has_property(i.indexrelid, 1, 'asc'), pg_index_column_has_property(i.indexrelid, 2, 'asc'), pg_index_has_property(i.indexrelid, 'index_scan'), pg_indexam_has_property(403, 'can_unique') from pg_index i where indrelid = 'indexed'::regclass order by 1::text
---
indexrelid | pg_index_column_has_property | pg_index_column_has_property | pg_index_has_property | pg_indexam_has_property
indexed_pkey | t | NULL | t | t
indexed_b_idx | f | NULL | t | t

drop table indexed
---
ok 0
