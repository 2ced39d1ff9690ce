create table st (id int primary key, a int, s text, n numeric, d date, b boolean, x double precision, j jsonb, e text)
---
ok 0

insert into st select g, case when g % 4 = 0 then null else g % 10 end, 'v' || g % 5, g % 20 / 4.0, date '2020-01-01' + g % 30, g % 3 = 0, g % 50, jsonb_build_object('k', g % 2), null from generate_series(1, 1000) g
---
ok 1000

select count(*) from pg_stats where tablename = 'st'
---
count
0

analyze st
---
ok 0

select attname, inherited, null_frac, n_distinct from pg_stats where tablename = 'st' and attname not in ('j') order by attname
---
attname | inherited | null_frac | n_distinct
a | f | 0.25 | 10
b | f | 0 | 2
d | f | 0 | 30
e | f | 1 | 0
id | f | 0 | -1
n | f | 0 | 20
s | f | 0 | 5
x | f | 0 | 50

select attname, avg_width from pg_stats where tablename = 'st' and attname in ('id', 'a', 's', 'd', 'b', 'x') order by attname
---
attname | avg_width
a | 4
b | 1
d | 4
id | 4
s | 3
x | 8

select attname, most_common_vals is null, most_common_freqs is null, histogram_bounds is null from pg_stats where tablename = 'st' and attname in ('id', 'a', 's', 'b', 'e') order by attname
---
attname | ?column? | ?column? | ?column?
a | f | f | t
b | f | f | t
e | t | t | t
id | t | t | f
s | f | f | t

select most_common_freqs from pg_stats where tablename = 'st' and attname = 's'
---
most_common_freqs
{0.2,0.2,0.2,0.2,0.2}

select (most_common_vals::text::int[])[1] is not null, cardinality(most_common_vals::text::int[]) from pg_stats where tablename = 'st' and attname = 'a'
---
?column? | cardinality
t | 10

select (select array_agg(v order by v) from unnest(most_common_vals::text::text[]) v) from pg_stats where tablename = 'st' and attname = 's'
---
array_agg
{v0,v1,v2,v3,v4}

select most_common_vals, most_common_freqs from pg_stats where tablename = 'st' and attname = 'b'
---
most_common_vals | most_common_freqs
{f,t} | {0.667,0.333}

select (histogram_bounds::text::int[])[1] from pg_stats where tablename = 'st' and attname = 'id'
---
histogram_bounds
1

select staattnum, stainherit, stanullfrac, stadistinct, stakind1, staop1, stacoll1 = 0 from pg_statistic where starelid = 'st'::regclass and staattnum in (1, 2, 6) order by 1
---
staattnum | stainherit | stanullfrac | stadistinct | stakind1 | staop1 | ?column?
1 | f | 0 | -1 | 2 | 97 | t
2 | f | 0.25 | 10 | 1 | 96 | t
6 | f | 0 | 2 | 1 | 91 | t

select stanumbers1, stavalues1 from pg_statistic where starelid = 'st'::regclass and staattnum = 6
---
stanumbers1 | stavalues1
{0.667,0.333} | {f,t}

select reltuples, relpages > 0 from pg_class where relname = 'st'
---
reltuples | ?column?
1000 | t

create role st_reader
---
ok 0

grant select (a, s) on st to st_reader
---
ok 0

set role st_reader
---
ok 0

select attname from pg_stats where tablename = 'st' order by 1
---
attname
a
s

select count(*) from pg_statistic
---
ERROR 42501: permission denied for table pg_statistic

reset role
---
ok 0

drop table st
---
ok 0

drop role st_reader
---
ok 0

create table retyped (id int primary key, a int, b boolean, c int)
---
ok 0

insert into retyped select g, g % 3, g % 2 = 0, g from generate_series(1, 60) g
---
ok 60

analyze retyped
---
ok 0

create statistics retyped_ab (ndistinct, dependencies, mcv) on a, b from retyped
---
ok 0

analyze retyped
---
ok 0

alter table retyped alter b type text
---
ok 0

select staattnum from pg_statistic where starelid = 'retyped'::regclass order by 1
---
staattnum
1
2
4

select n_distinct, dependencies from pg_stats_ext where statistics_name = 'retyped_ab'
---
n_distinct | dependencies

select count(*) from retyped where a = 1 and b = 'true'
---
count
10

alter table retyped alter a type text
---
ok 0

select attname, n_distinct from pg_stats where tablename = 'retyped' order by 1
---
attname | n_distinct
c | -1
id | -1

select count(*) from retyped where a = '1' and b = 'true'
---
count
10

begin
---
ok 0

alter table retyped alter c type bigint
---
ok 0

select attname from pg_stats where tablename = 'retyped' order by 1
---
attname
id

rollback
---
ok 0

alter table retyped drop a
---
ok 0

select attname from pg_stats where tablename = 'retyped' order by 1
---
attname
c
id

analyze retyped
---
ok 0

select attname, n_distinct from pg_stats where tablename = 'retyped' order by 1
---
attname | n_distinct
b | 2
c | -1
id | -1

drop table retyped
---
ok 0
