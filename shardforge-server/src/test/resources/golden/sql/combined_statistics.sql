create table cs (id int primary key, a int, b int, c text, j jsonb)
---
ok 0

insert into cs select g, g % 10, (g % 10) / 2, 'v' || g % 5, null from generate_series(1, 1000) g
---
ok 1000

create statistics cs_all on b, a, c from cs
---
ok 0

create statistics if not exists cs_all on a, b from cs
---
notice statistics object "cs_all" already exists, skipping
ok 0

create statistics cs_all on a, b from cs
---
ERROR 42710: statistics object "cs_all" already exists

create statistics cs_dep (dependencies) on a, b from cs
---
ok 0

create statistics cs_bad on a from cs
---
ERROR 42P17: extended statistics require at least 2 columns

create statistics cs_bad on a, a from cs
---
ERROR 42701: duplicate column name in statistics definition

create statistics cs_bad on a, nowhere from cs
---
ERROR 42703: column "nowhere" does not exist

create statistics cs_bad (other) on a, b from cs
---
ERROR 42601: unrecognized statistics kind "other"

create statistics cs_bad on a, b from nowhere
---
ERROR 42P01: relation "nowhere" does not exist

select stxname, stxrelid::regclass, stxnamespace::regnamespace, stxkeys, stxkind, stxexprs is null from pg_statistic_ext order by stxname
---
stxname | stxrelid | stxnamespace | stxkeys | stxkind | ?column?
cs_all | cs | public | 2 3 4 | {d,f,m} | t
cs_dep | cs | public | 2 3 | {f} | t

select pg_get_statisticsobjdef(oid), pg_get_statisticsobjdef_columns(oid) from pg_statistic_ext order by stxname
---
pg_get_statisticsobjdef | pg_get_statisticsobjdef_columns
CREATE STATISTICS public.cs_all ON a, b, c FROM cs | a, b, c
CREATE STATISTICS public.cs_dep (dependencies) ON a, b FROM cs | a, b

select statistics_name, attnames, kinds, n_distinct, dependencies from pg_stats_ext order by 1
---
statistics_name | attnames | kinds | n_distinct | dependencies

analyze cs
---
ok 0

select statistics_name, n_distinct::text, dependencies::text from pg_stats_ext order by 1
---
statistics_name | n_distinct | dependencies
cs_all | {"2, 3": 10, "2, 4": 10, "3, 4": 10, "2, 3, 4": 10} | {"2 => 3": 1.000000, "2 => 4": 1.000000, "2, 3 => 4": 1.000000, "2, 4 => 3": 1.000000, "3, 4 => 2": 1.000000}
cs_dep | NULL | {"2 => 3": 1.000000}

select statistics_name, cardinality(most_common_freqs), most_common_freqs[1], most_common_base_freqs[1] from pg_stats_ext where statistics_name = 'cs_all'
---
statistics_name | cardinality | most_common_freqs | most_common_base_freqs
cs_all | 10 | 0.1 | 0.004000000000000001

alter statistics cs_dep rename to cs_all
---
ERROR 42710: statistics object "cs_all" already exists in schema "public"

alter statistics cs_dep rename to cs_dependencies
---
ok 0

alter statistics cs_all owner to current_user
---
ok 0

alter statistics cs_all set schema public
---
ok 0

alter statistics nowhere owner to current_user
---
ERROR 42704: statistics object "nowhere" does not exist

alter statistics nowhere rename to other
---
ERROR 42704: statistics object "nowhere" does not exist

drop statistics cs_dep
---
ERROR 42704: statistics object "cs_dep" does not exist

drop statistics if exists cs_dep
---
notice statistics object "cs_dep" does not exist, skipping
ok 0

drop statistics cs_dependencies
---
ok 0

alter table cs drop column c
---
ok 0

select stxname from pg_statistic_ext order by 1
---
stxname

create statistics cs_two on a, b from cs
---
ok 0

drop table cs
---
ok 0

select count(*) from pg_statistic_ext
---
count
0
