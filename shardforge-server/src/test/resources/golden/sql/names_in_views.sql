set client_min_messages = warning
---
ok 0

create schema nv
---
ok 0

set search_path = nv
---
ok 0

create sequence s
---
ok 0

create table t (id int primary key, n int)
---
ok 0

insert into t values (1, 10), (2, 20)
---
ok 2

create view v1 as select nextval('s') as x, 't'::regclass as rel, cast('nv.s' as regclass) as q, 'pg_class'::regclass as sys
---
ok 0

select * from v1
---
x | rel | q | sys
1 | t | s | pg_class

select x from v1
---
x
2

select pg_get_viewdef('v1'::regclass) like '%nextval(%s''::regclass)%'
---
?column?
t

create table u (a int)
---
ok 0

create view v2 as select 'u'::regclass::text as name, setval('s', 100, false) as start
---
ok 0

alter table u rename to renamed
---
ok 0

alter sequence s rename to counter
---
ok 0

select * from v2
---
name | start
renamed | 100

select x, rel, q from v1
---
x | rel | q
100 | t | counter

drop table renamed
---
ERROR 2BP01: cannot drop table renamed because other objects depend on it
detail view v2 depends on table renamed
hint Use DROP ... CASCADE to drop the dependent objects too.

drop sequence counter
---
ERROR 2BP01: cannot drop sequence counter because other objects depend on it
detail view v1 depends on sequence counter
view v2 depends on sequence counter
hint Use DROP ... CASCADE to drop the dependent objects too.

drop table t
---
ERROR 2BP01: cannot drop table t because other objects depend on it
detail view v1 depends on table t
hint Use DROP ... CASCADE to drop the dependent objects too.

create view v3 as select id, n from t where n > 5 for update
---
ok 0

begin
---
ok 0

select * from v3 order by id
---
id | n
1 | 10
2 | 20

commit
---
ok 0

update v3 set n = 11 where id = 1
---
ok 1

select * from v3 order by id
---
id | n
1 | 11
2 | 20

create view v4 as select a.id, b.n from t a join t b using (id) for share of a
---
ok 0

select * from v4 order by id
---
id | n
1 | 11
2 | 20

create view v5 as select nextval('missing')
---
ERROR 42P01: relation "missing" does not exist
at 34

create view v5 as select 'missing'::regclass
---
ERROR 42P01: relation "missing" does not exist
at 26

create view v5 as select nextval('counter'::text) as t, currval(cast('counter' as regclass)) as c
---
ok 0

select t = c from v5
---
?column?
t

set search_path = public
---
ok 0

select rel, q from nv.v1
---
rel | q
nv.t | nv.counter

drop table nv.renamed cascade
---
ok 0

select relname from pg_class where relnamespace = 'nv'::regnamespace and relkind = 'v' order by 1
---
relname
v1
v3
v4
v5

drop sequence nv.counter cascade
---
ok 0

select relname from pg_class where relnamespace = 'nv'::regnamespace and relkind = 'v' order by 1
---
relname
v3
v4

drop schema nv cascade
---
ok 0

reset all
---
ok 0
