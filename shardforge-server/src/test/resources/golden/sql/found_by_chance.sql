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

create sequence chance_s
---
ok 0

select i, case nextval('chance_s') when 1 then 'one' when 2 then 'two' when 3 then 'three' else 'more' end from generate_series(1,4) i
---
i | case
1 | one
2 | two
3 | three
4 | more

select currval('chance_s')
---
currval
4

create table chance(a int, b int)
---
ok 0

insert into chance select i, i%3 from generate_series(1,9) i
---
ok 9

select b, case (select max(x.a) from chance x where x.b=chance.b) when 7 then 'seven' when 8 then 'eight' when 9.0 then 'nine' end from chance order by a
---
b | case
1 | seven
2 | eight
0 | nine
1 | seven
2 | eight
0 | nine
1 | seven
2 | eight
0 | nine

select case nextval('chance_s') when 5 then case nextval('chance_s') when 7 then 1 when 6 then 2 end when (select nextval('chance_s')) then 3 end
---
case
2

select case nextval('chance_s') when (select max(a)-2 from chance) then 3 when (select min(a) from chance) then 4 end, sum(case (select max(a) from chance x where x.a<chance.a) when 1 then 1 when 2 then 10 else 100 end) from chance
---
case | sum
3 | 711

select case (select max(x.a) from chance x where x.b=chance.b) when 7 then 'seven' when 8 then 'eight' end as c, count(*) from chance group by case (select max(x.a) from chance x where x.b=chance.b) when 7 then 'seven' when 8 then 'eight' end order by 1
---
c | count
eight | 3
seven | 3
NULL | 3

select a from chance where case (select max(x.a) from chance x where x.b=chance.b) when 7 then a when 8 then 9 end = a
---
a
1
4
7

select case string_agg(distinct (select max(x.b) from chance x)::text, '/' order by (select max(x.b) from chance x)::text) when '2' then 'two' when '3' then 'three' end from chance
---
case
two

select case floor(random()*0) when 1 then 1 when 0 then 2 end
---
case
2

drop table chance
---
ok 0

drop sequence chance_s
---
ok 0

create table chance (k int primary key, a bool, b bool, c bool)
---
ok 0

insert into chance select i, (array[true, false, null])[i % 3 + 1], (array[true, false, null])[i / 3 % 3 + 1], (array[true, false, null])[i / 9 + 1] from generate_series(0, 26) as i
---
ok 27

create view chance_v as select k, (a = b) in (c) as c1, (not a) is null as c2, (a or b) in (c) as c3, (a = b) between b and c as c4, a between (b = c) and (b or c) as c5, (a in (b)) in (c) as c6, (a between b and c) in (a) as c7, (a is distinct from b) is unknown as c8, (not a)::text as c9, (a = b) = any (array[b, c]) as c10, (array[k, 1])[1] as c11 from chance
---
ok 0

select * from chance_v order by k
---
k | c1 | c2 | c3 | c4 | c5 | c6 | c7 | c8 | c9 | c10 | c11
0 | t | f | t | t | t | t | t | f | false | t | 0
1 | f | f | t | f | f | f | t | f | true | f | 1
2 | NULL | t | t | NULL | NULL | NULL | NULL | f | NULL | NULL | 2
3 | f | f | t | t | t | f | t | f | false | t | 3
4 | t | f | f | t | t | t | f | f | true | t | 4
5 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 5
6 | NULL | f | t | NULL | NULL | NULL | NULL | f | false | NULL | 6
7 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | true | NULL | 7
8 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 8
9 | f | f | f | f | t | f | f | f | false | t | 9
10 | t | f | f | f | t | t | t | f | true | t | 10
11 | NULL | t | f | NULL | NULL | NULL | NULL | f | NULL | NULL | 11
12 | t | f | f | t | f | t | f | f | false | t | 12
13 | f | f | t | f | f | f | f | f | true | f | 13
14 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 14
15 | NULL | f | f | NULL | NULL | NULL | f | f | false | NULL | 15
16 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | true | NULL | 16
17 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 17
18 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | false | t | 18
19 | NULL | f | NULL | f | NULL | NULL | t | f | true | NULL | 19
20 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 20
21 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | false | t | 21
22 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | true | NULL | 22
23 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 23
24 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | false | NULL | 24
25 | NULL | f | NULL | NULL | NULL | NULL | NULL | f | true | NULL | 25
26 | NULL | t | NULL | NULL | NULL | NULL | NULL | f | NULL | NULL | 26

select x from (values (0), (1)) v (x) where 1 / x > 0 and x > 0
---
x
1

select x from (values (0), (1)) v (x) where x <> all (array[1, null]) and 1 / x = 5
---
x

select x from (values (0), (1)) v (x) where x not in (1 / x, 1, null)
---
x

drop view chance_v
---
ok 0

drop table chance
---
ok 0
