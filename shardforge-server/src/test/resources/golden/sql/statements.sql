# A query string has no parameters.
select $1
---

select 1 + $2::int from generate_series(1, 2)
---

prepare p1 as select $1::int + 1 as x, $2 || 'b' as y
---

execute p1(41, 'a')
---

execute p1(41)
---

deallocate p1
---

# All parts of a statement see the rows as they were before it.
create table q (id int primary key, n int unique, t text)
---

create table log (id int, n int)
---

insert into q values (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c')
---

with i as (insert into q values (4, 40, 'd') returning id) select (select count(*) from q), (select id from i)
---

with u as (update q set n = n + 1 where id < 3 returning id, n) select q.id, q.n as before, u.n as after from q left join u using (id) order by 1
---

with d as (delete from q where id = 4 returning *) insert into log select id, n from d returning *
---

with u as (update q set t = t || '!' returning id) select count(*) from u
---

with d as (delete from q where id = 3) select count(*) from q
---

select * from q order by id
---

with a as (insert into q values (5, 50, 'e')), b as (insert into log select id, n from q) select 1
---

select * from log order by id
---

with i as (insert into q values (6, 50, 'f')) select 1
---

with i as (insert into q values (1, 99, 'g') on conflict (id) do update set t = 'up' returning id, t) select q.t, i.t from q, i where q.id = i.id
---

select id, n, t from q order by id
---

# Rows behind a LIMIT are not computed.
select 1/(3-g) from generate_series(1,5) g limit 2
---

select 1/(3-g) from generate_series(1,5) g limit 3
---

select g from generate_series(1,5) g where 1/(3-g) > -5 limit 2
---

select g from generate_series(1,5) g where 1/(3-g) > -5 offset 1 limit 2
---

select exists (select 1/(3-g) from generate_series(1,5) g)
---

create sequence sq
---

select nextval('sq') from generate_series(1,5) limit 2
---

select nextval('sq')
---

select id / (id - 3) from (select * from q order by id) x limit 2
---

# Definitions mean the same whatever the search path is.
create schema sx
---

set search_path to sx, public
---

create sequence sx.s2
---

create table sx.tx (a int default nextval('s2'), b text default lower('ABC') check (length(b) < 5))
---

set search_path to public
---

insert into sx.tx default values returning *
---

drop schema sx cascade
---

# Roles.
create role r1
---

create role r2
---

create role r3 login
---

grant r1 to r3
---

grant select on q to r1
---

select current_user, session_user, current_setting('role')
---

set role r1
---

select current_user, session_user, current_setting('role'), current_setting('is_superuser')
---

select count(*) from q
---

insert into q values (100)
---

set role r2
---

select count(*) from q
---

set role none
---

select current_user
---

set session authorization r3
---

select current_user, session_user
---

set role r1
---

select current_user, session_user
---

set role r2
---

reset role
---

select current_user, session_user
---

select count(*) from q
---

set session authorization r2
---

reset session authorization
---

select current_user, session_user
---

set role nosuch
---

set session authorization nosuch
---

begin
---

set local role r1
---

select current_user
---

commit
---

select current_user
---

begin
---

set role r1
---

rollback
---

select current_user
---

show role
---

revoke all on q from r1
---

drop role r1, r2, r3
---

drop table q, log
---

drop sequence sq
---
