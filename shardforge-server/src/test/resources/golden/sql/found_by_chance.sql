create table chance (k int primary key, flag bool, mood text, a int[], b bytea)
---
ok 0

insert into chance values (1, false, 'z', '{1}', '\x01'), (2, true, 'a', '{2}', '\x02'), (3, null, null, null, null)
---
ok 3

with w as not materialized (select k from chance) select x.k from w as x join lateral (select x.k) as y on exists (select from w) order by 1
---
k
1
2
3

with w as not materialized (select k from chance) select x.k, z.n from w as x join lateral (select x.k) as y on true, lateral generate_series(1, (select count(*) from w where w.k <= x.k)::int) as z(n) order by 1, 2
---
k | n
1 | 1
2 | 1
2 | 2
3 | 1
3 | 2
3 | 3

select array_agg(distinct a || '{9}'::int[] order by a || '{9}'::int[]) from chance where a is not null
---
array_agg
{{1,9},{2,9}}

select string_agg(distinct (select max(c.mood) from chance as c where c.k <= chance.k), ',' order by (select max(c.mood) from chance as c where c.k <= chance.k)) from chance
---
string_agg
z

select array_agg(distinct (select max(k) from chance) order by (select max(c.k) from chance as c)) from chance
---
ERROR 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
at 64

select a || '{9}'::int[] as a from chance group by a || '{9}'::int[] order by 1
---
a
{1,9}
{2,9}
{9}

select b || '\x02'::bytea as b from chance group by b || '\x02'::bytea order by 1
---
b
\x0102
\x0202
NULL

select (select max(c.k) from chance as c where c.k <= chance.k) as m, count(*) from chance group by (select max(c.k) from chance as c where c.k <= chance.k) order by 1
---
m | count
1 | 1
2 | 1
3 | 1

select (select max(c.k) from chance as c where c.k < chance.k) as m, count(*) from chance group by (select max(c.k) from chance as c where c.k <= chance.k) order by 1
---
ERROR 42803: subquery uses ungrouped column "chance.k" from outer query
at 54

select distinct (select max(k) from chance) as m from chance order by (select max(k) from chance)
---
m
3

select distinct (with w as (select k from chance) select max(k) from w) as m from chance order by (with w as (select k from chance) select max(k) from w)
---
m
3

select x.k, y.k as other from chance as x full join chance as y on false where ((x.mood between y.mood and 'b') or false) = x.flag order by 1
---
k | other
1 | NULL

select x.k, y.k as other from chance as x left join chance as y on false where (x.mood < 'b' and y.mood < 'b') = false order by 1
---
k | other
1 | NULL

select x.k, y.k as other from chance as x left join chance as y on false where (y.k is not null) = false order by 1
---
k | other
1 | NULL
2 | NULL
3 | NULL

select x.k, y.k as other from chance as x left join chance as y on false where (y.k = any ('{}'::int[])) = false order by 1
---
k | other
1 | NULL
2 | NULL
3 | NULL

select x.k, y.k as other from chance as x left join chance as y on x.k = y.k + 1 where not (y.k > 1) order by 1
---
k | other
2 | 1

create unique index on chance (mood, k) where k < 10
---
ok 0

insert into chance (k, mood) values (1, 'new') on conflict (mood, k) where k < 10 do update set flag = true
---
ERROR 23505: duplicate key value violates unique constraint "chance_pkey"
detail Key (k)=(1) already exists.

insert into chance (k, mood) values (1, 'new') on conflict (mood, k) where k < 10 do nothing
---
ERROR 23505: duplicate key value violates unique constraint "chance_pkey"
detail Key (k)=(1) already exists.

insert into chance (k) values (1) on conflict (k) do update set k = 2
---
ERROR 23505: duplicate key value violates unique constraint "chance_pkey"
detail Key (k)=(2) already exists.

insert into chance (k, mood) values (1, 'new') on conflict (k) do update set mood = excluded.mood
---
ok 1

select k, mood from chance order by k
---
k | mood
1 | new
2 | a
3 | NULL

select array_fill(7, array[2, 0]), array_fill(7, array[2])
---
array_fill | array_fill
{} | {7,7}

select array_fill(7, array[2, -1])
---
ERROR 54000: array size exceeds the maximum allowed (134217727)

select array_fill(7, array[-1])
---
ERROR 54000: array size exceeds the maximum allowed (134217727)

select k, generate_series(1, (select max(c.k) from chance as c where c.k <= chance.k)) as n from chance order by 1, 2
---
k | n
1 | 1
2 | 1
2 | 2
3 | 1
3 | 2
3 | 3

select k, unnest(array(select c.k from chance as c where c.k < chance.k)) as n from chance order by 1, 2
---
k | n
2 | 1
3 | 1
3 | 2

select k, generate_series(1, 2) + (select count(*) from chance as c where c.k < chance.k) as n from chance order by 1, 2
---
k | n
1 | 1
1 | 2
2 | 2
2 | 3
3 | 3
3 | 4

drop table chance
---
ok 0
