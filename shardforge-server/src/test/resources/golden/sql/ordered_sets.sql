create table s (g int, v int, d float8, t text, i interval)
---
ok 0

insert into s values (1,10,1.5,'a','1 day'),(1,20,2.5,'b','2 days'),(1,20,null,'b','4 days'),(2,5,7,'z',null),(3,null,null,null,null)
---
ok 5

select percentile_cont(0.5) within group (order by d), percentile_cont(0.25) within group (order by v), percentile_disc(0.5) within group (order by v), mode() within group (order by t) from s
---
percentile_cont | percentile_cont | percentile_disc | mode
2.5 | 8.75 | 10 | b

select g, percentile_cont(0.5) within group (order by v), percentile_disc(0.9) within group (order by t desc), mode() within group (order by v desc) from s group by g order by g
---
g | percentile_cont | percentile_disc | mode
1 | 20 | a | 20
2 | 5 | z | 5
3 | NULL | NULL | NULL

select percentile_cont(array[0, 0.25, 0.5, null, 1]) within group (order by v), percentile_disc(array[0.1, 0.9]) within group (order by t), percentile_cont(0.5) within group (order by i) from s
---
percentile_cont | percentile_disc | percentile_cont
{5,8.75,15,NULL,20} | {a,z} | 2 days

select percentile_cont(0.5) within group (order by v) filter (where g = 1) from s
---
percentile_cont
20

select percentile_cont(1.5) within group (order by v) from s
---
ERROR 22003: percentile value 1.5 is not between 0 and 1

select percentile_cont(null) within group (order by v) from s
---
percentile_cont
NULL

select percentile_cont(0.5) from s
---
ERROR 42883: function percentile_cont(numeric) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select sum(v) within group (order by v) from s
---
ERROR 42883: function sum(integer, integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select lower(t) within group (order by v) from s
---
ERROR 42883: function lower(text, integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select percentile_cont(0.5) within group (order by t) from s
---
ERROR 42883: function percentile_cont(numeric, text) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select percentile_cont(0.5) within group (order by v) over () from s
---
ERROR 0A000: OVER is not supported for ordered-set aggregate percentile_cont
at 8

select mode(v) within group (order by v) from s
---
ERROR 42883: function mode(integer, integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select tableoid::regclass, s.tableoid = 's'::regclass, count(*) from s group by tableoid, 2
---
tableoid | ?column? | count
s | t | 5

select a.tableoid::regclass, b.tableoid::regclass from s a left join (values (1)) v(x) on true left join pg_am b on b.amname = 'none' limit 1
---
tableoid | tableoid
s | NULL

select tableoid from s a, s b
---
ERROR 42702: column reference "tableoid" is ambiguous
at 8

select tableoid from generate_series(1,2)
---
ERROR 42703: column "tableoid" does not exist
at 8

select (x.k).n, (x.k).x from (select information_schema._pg_expandarray(array['p','q']) as k) x
---
n | x
1 | p
2 | q

select (x.k).nosuch from (select information_schema._pg_expandarray(array[1]) as k) x
---
ERROR 42703: could not identify column "nosuch" in record data type
at 9

drop table s
---
ok 0
