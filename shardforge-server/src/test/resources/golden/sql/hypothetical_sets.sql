create table s (g int, v int, d float8, t text)
---
ok 0

insert into s values (1,10,1.5,'a'),(1,20,2.5,'b'),(1,20,null,'b'),(2,5,7,'z'),(3,null,null,null),(1,30,3,'c')
---
ok 6

select rank(20) within group (order by v), dense_rank(20) within group (order by v), percent_rank(20) within group (order by v), cume_dist(20) within group (order by v) from s
---
rank | dense_rank | percent_rank | cume_dist
3 | 3 | 0.3333333333333333 | 0.7142857142857143

select rank(20) within group (order by v desc), dense_rank(20) within group (order by v desc), percent_rank(20) within group (order by v desc nulls last), cume_dist(20) within group (order by v nulls first) from s
---
rank | dense_rank | percent_rank | cume_dist
3 | 3 | 0.16666666666666666 | 0.8571428571428571

select g, rank(15) within group (order by v), rank(g) within group (order by v), cume_dist('b') within group (order by t), dense_rank('bb') within group (order by t) from s group by g order by g
---
g | rank | rank | cume_dist | dense_rank
1 | 2 | 1 | 0.8 | 3
2 | 2 | 1 | 0.5 | 1
3 | 1 | 1 | 0.5 | 1

select rank(null) within group (order by v), cume_dist(null) within group (order by v), dense_rank(null) within group (order by v desc) from s
---
rank | cume_dist | dense_rank
6 | 1 | 1

select rank(20, 'b') within group (order by v, t desc), dense_rank(20, 'b') within group (order by v desc, t), percent_rank('20', 'b') within group (order by v, t) from s
---
rank | dense_rank | percent_rank
3 | 3 | 0.3333333333333333

select rank(1) within group (order by v), dense_rank(1) within group (order by v), percent_rank(1) within group (order by v), cume_dist(1) within group (order by v) from s where false
---
rank | dense_rank | percent_rank | cume_dist
1 | 1 | 0 | 1

select rank(20.5) within group (order by v) filter (where g = 1), rank(2) within group (order by d) from s
---
rank | rank
4 | 2

select rank(1, 2) within group (order by v) from s
---
ERROR 42883: function rank(integer, integer, integer) does not exist
at 8
hint To use the hypothetical-set aggregate rank, the number of hypothetical direct arguments (here 2) must match the number of ordering columns (here 1).

select rank(1) within group (order by v, t) from s
---
ERROR 42883: function rank(integer, integer, text) does not exist
at 8
hint To use the hypothetical-set aggregate rank, the number of hypothetical direct arguments (here 1) must match the number of ordering columns (here 2).

select rank('x') within group (order by v) from s
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 13

select rank('x'::text) within group (order by v) from s
---
ERROR 42804: WITHIN GROUP types integer and text cannot be matched
at 13

select rank(1) from s
---
ERROR 42809: WITHIN GROUP is required for ordered-set aggregate rank
at 8

select rank() from s
---
ERROR 42809: window function rank requires an OVER clause
at 8

select rank(1) over () from s
---
ERROR 42809: WITHIN GROUP is required for ordered-set aggregate rank
at 8

select rank() within group (order by v) from s
---
ERROR 42883: function rank(integer) does not exist
at 8
hint To use the hypothetical-set aggregate rank, the number of hypothetical direct arguments (here 0) must match the number of ordering columns (here 1).

select rank(v) within group (order by v) from s
---
ERROR 42803: column "s.v" must appear in the GROUP BY clause or be used in an aggregate function
at 13
detail Direct arguments of an ordered-set aggregate must use only grouped columns.

select percentile_cont(d) within group (order by d) from s
---
ERROR 42803: column "s.d" must appear in the GROUP BY clause or be used in an aggregate function
at 24
detail Direct arguments of an ordered-set aggregate must use only grouped columns.

select rank(sum(v)) within group (order by v) from s
---
ERROR 42803: aggregate function calls cannot be nested
at 13

select sum(v), rank(10) within group (order by v + 1) from s having rank(10) within group (order by v) > 1
---
sum | rank
85 | 2

select distinct rank(10) within group (order by v) from s group by g order by rank(10) within group (order by v) desc
---
rank
2
1

create view sv as select g, rank(15) within group (order by v desc) r from s group by g
---
ok 0

select * from sv order by g
---
g | r
1 | 4
2 | 1
3 | 2

select rank(10) within group (order by g, v) from s
---
ERROR 42883: function rank(integer, integer, integer) does not exist
at 8
hint To use the hypothetical-set aggregate rank, the number of hypothetical direct arguments (here 1) must match the number of ordering columns (here 2).

select rank(variadic array[1]) within group (order by g) from s
---
ERROR 42601: cannot use VARIADIC with WITHIN GROUP
at 32

select rank() over (order by v), g from s order by 2,1
---
rank | g
2 | 1
3 | 1
3 | 1
5 | 1
1 | 2
6 | 3

select aggfnoid::oid, aggkind, aggnumdirectargs from pg_aggregate where aggkind <> 'n' order by 1
---
aggfnoid | aggkind | aggnumdirectargs
3972 | o | 1
3974 | o | 1
3976 | o | 1
3978 | o | 1
3980 | o | 1
3982 | o | 1
3984 | o | 0
3986 | h | 1
3988 | h | 1
3990 | h | 1
3992 | h | 1

select pg_get_function_arguments(3986), pg_get_function_identity_arguments(3974)
---
pg_get_function_arguments | pg_get_function_identity_arguments
VARIADIC "any" ORDER BY VARIADIC "any" | double precision ORDER BY double precision

drop table s cascade
---
notice drop cascades to view sv
ok 0
