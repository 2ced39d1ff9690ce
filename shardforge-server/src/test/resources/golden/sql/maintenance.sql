# What REINDEX says, and statistics targets of indexes, logging of sequences.
create table ri (a int)
---
ok 0

reindex table ri
---
notice table "ri" has no indexes to reindex
ok 0

reindex table concurrently ri
---
notice table "ri" has no indexes that can be reindexed concurrently
ok 0

create index ri_i on ri (a) include (a)
---
ok 0

create index ri_e on ri (a, (a + 1))
---
ok 0

reindex table ri
---
ok 0

reindex (concurrently) table ri
---
ok 0

reindex table concurrently pg_class
---
ERROR 0A000: cannot reindex system catalogs concurrently

reindex system concurrently postgres
---
ERROR 0A000: cannot reindex system catalogs concurrently

reindex schema concurrently pg_catalog
---
notice cannot reindex system catalogs concurrently, skipping all
ok 0

alter index ri_i alter column 1 set statistics 100
---
ERROR 0A000: cannot alter statistics on non-expression column "a" of index "ri_i"
hint Alter statistics on table column instead.

alter index ri_i alter column 2 set statistics 100
---
ERROR 0A000: cannot alter statistics on included column "a1" of index "ri_i"

alter index ri_i alter column 3 set statistics 100
---
ERROR 42703: column number 3 of relation "ri_i" does not exist

alter index ri_e alter column 2 set statistics 100
---
ok 0

alter index ri_e alter column 2 set statistics -1
---
ok 0

create sequence rs
---
ok 0

alter sequence rs set unlogged
---
ok 0

alter sequence rs set logged
---
ok 0

select nextval('rs')
---
nextval
1

drop table ri
---
ok 0

drop sequence rs
---
ok 0
