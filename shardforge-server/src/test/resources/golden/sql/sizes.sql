create table sz (id int primary key, a int, s text)
---
ok 0

select pg_table_size('sz') < 100000, pg_relation_size('sz') < 100000, pg_total_relation_size('sz') < 200000
---
?column? | ?column? | ?column?
t | t | t

insert into sz select g, g % 100, repeat(md5(g::text), 4) from generate_series(1, 20000) g
---
ok 20000

create index sz_a on sz (a)
---
ok 0

select pg_table_size('sz') between 1000000 and 20000000, pg_relation_size('sz') > 1000000, pg_indexes_size('sz') between 50000 and 5000000
---
?column? | ?column? | ?column?
t | t | t

select pg_total_relation_size('sz') * 1.0 / (pg_table_size('sz') + pg_indexes_size('sz')) between 0.5 and 2
---
?column?
t

select pg_relation_size('sz_a') between 50000 and 5000000, pg_relation_size('sz_a') * 1.0 / pg_total_relation_size('sz_a') between 0.5 and 2, pg_indexes_size('sz_a')
---
?column? | ?column? | pg_indexes_size
t | t | 0

select pg_relation_size('sz', 'main') > 1000000, pg_relation_size('sz', 'init')
---
?column? | pg_relation_size
t | 0

select pg_relation_size('sz', 'other')
---
ERROR 22023: invalid fork name
hint Valid fork names are "main", "fsm", "vm", and "init".

select pg_relation_size(4000000::oid), pg_table_size(4000000::oid), pg_indexes_size(4000000::oid), pg_total_relation_size(4000000::oid)
---
pg_relation_size | pg_table_size | pg_indexes_size | pg_total_relation_size
NULL | NULL | NULL | NULL

create view szv as select * from sz
---
ok 0

select pg_relation_size('szv'), pg_table_size('szv'), pg_total_relation_size('szv')
---
pg_relation_size | pg_table_size | pg_total_relation_size
0 | 0 | 0

select pg_table_size('nowhere')
---
ERROR 42P01: relation "nowhere" does not exist
at 22

select pg_database_size(current_database()) > 1000000
---
?column?
t

select pg_database_size(oid) * 1.0 / pg_database_size(datname) between 0.5 and 2 from pg_database where datname = current_database()
---
?column?
t

select pg_database_size('nowhere')
---
ERROR 3D000: database "nowhere" does not exist

select pg_database_size(4000000::oid)
---
pg_database_size
NULL

select pg_tablespace_size('pg_default') > 1000000
---
?column?
t

select pg_tablespace_size('nowhere')
---
ERROR 42704: tablespace "nowhere" does not exist

select pg_tablespace_size(4000000::oid)
---
pg_tablespace_size
NULL

select pg_size_pretty(pg_table_size('sz')) like '%kB' or pg_size_pretty(pg_table_size('sz')) like '%MB'
---
?column?
t

select sum(pg_table_size(oid)) > 1000000 from pg_class where relname in ('sz', 'szv')
---
?column?
t

drop view szv
---
ok 0

drop table sz
---
ok 0
