# width_bucket of numerics is exact.

SELECT width_bucket(19.99999999999999999999, 10, 20, 10), width_bucket(9.99999999999999999999, 10, 20, 10)
---
width_bucket | width_bucket
10 | 0

SELECT width_bucket(0.1, 0, 0.3, 3), width_bucket(0.2, 0, 0.3, 3), width_bucket(0.3, 0, 0.3, 3)
---
width_bucket | width_bucket | width_bucket
2 | 3 | 4

SELECT width_bucket(15.0, 20, 10, 5), width_bucket(20.0, 20, 10, 5), width_bucket(10.0, 20, 10, 5), width_bucket(20.1, 20, 10, 5)
---
width_bucket | width_bucket | width_bucket | width_bucket
3 | 1 | 6 | 0

SELECT width_bucket('Infinity'::numeric, 1, 5, 4), width_bucket('-Infinity'::numeric, 1, 5, 4), width_bucket('Infinity'::numeric, 5, 1, 4)
---
width_bucket | width_bucket | width_bucket
5 | 0 | 0

SELECT width_bucket('NaN'::numeric, 1, 5, 4)
---
ERROR 2201G: operand, lower bound, and upper bound cannot be NaN

SELECT width_bucket(2::numeric, 1, 'Infinity', 4)
---
ERROR 2201G: lower and upper bounds must be finite

SELECT width_bucket(2::numeric, 3, 3, 4)
---
ERROR 2201G: lower bound cannot equal upper bound

SELECT width_bucket(2::numeric, 1, 3, 0)
---
ERROR 2201G: count must be greater than zero

# Tangents of right and straight angles.

SELECT d, tand(d), cotd(d) FROM generate_series(-360, 360, 90) AS d ORDER BY d
---
d | tand | cotd
-360 | 0 | -Infinity
-270 | Infinity | 0
-180 | 0 | Infinity
-90 | -Infinity | 0
0 | 0 | Infinity
90 | Infinity | 0
180 | 0 | -Infinity
270 | -Infinity | 0
360 | 0 | Infinity

SELECT d, tand(d), cotd(d) FROM unnest(ARRAY[-225, -135, -45, 45, 135, 225, 540, 630]) AS d ORDER BY d
---
d | tand | cotd
-225 | -1 | -1
-135 | 1 | 1
-45 | -1 | -1
45 | 1 | 1
135 | -1 | -1
225 | 1 | 1
540 | 0 | -Infinity
630 | -Infinity | 0

# Months of negative intervals in Roman numerals.

SELECT m, to_char(make_interval(months => m), 'RM|FMrm') FROM generate_series(-25, 13, 2) AS m ORDER BY m
---
m | to_char
-25 | XII |xii
-23 | II  |ii
-21 | IV  |iv
-19 | VI  |vi
-17 | VIII|viii
-15 | X   |x
-13 | XII |xii
-11 | II  |ii
-9 | IV  |iv
-7 | VI  |vi
-5 | VIII|viii
-3 | X   |x
-1 | XII |xii
1 | I   |i
3 | III |iii
5 | V   |v
7 | VII |vii
9 | IX  |ix
11 | XI  |xi
13 | I   |i

SELECT to_char(make_interval(months => m), 'RM') FROM unnest(ARRAY[-24, -12, 0, 12, 24]) AS m
---
to_char
I   
I   
''
XII 
XII 

# What stands beside the target of a statement may not look at it.

CREATE TABLE goal (id int PRIMARY KEY, v int)
---
ok 0

UPDATE goal SET v = s.x FROM LATERAL (SELECT goal.id AS x) AS s
---
ERROR 42P10: invalid reference to FROM-clause entry for table "goal"
at 46
hint There is an entry for table "goal", but it cannot be referenced from this part of the query.

UPDATE goal AS g SET v = s.x FROM LATERAL (SELECT g.id AS x) AS s
---
ERROR 42P10: invalid reference to FROM-clause entry for table "g"
at 51
hint There is an entry for table "g", but it cannot be referenced from this part of the query.

UPDATE goal SET v = s.x FROM LATERAL (SELECT id AS x) AS s
---
ERROR 42P10: invalid reference to FROM-clause entry for table "goal"
at 46
hint There is an entry for table "goal", but it cannot be referenced from this part of the query.

UPDATE goal SET v = s FROM generate_series(1, id) AS s
---
ERROR 42P10: invalid reference to FROM-clause entry for table "goal"
at 47
hint There is an entry for table "goal", but it cannot be referenced from this part of the query.

UPDATE goal SET v = 1 FROM goal AS other JOIN LATERAL (SELECT goal.v) AS s ON true
---
ERROR 42P10: invalid reference to FROM-clause entry for table "goal"
at 63
hint There is an entry for table "goal", but it cannot be referenced from this part of the query.

DELETE FROM goal USING LATERAL (SELECT goal.id AS x) AS s
---
ERROR 42P10: invalid reference to FROM-clause entry for table "goal"
at 40
hint There is an entry for table "goal", but it cannot be referenced from this part of the query.

UPDATE goal SET v = s.x FROM goal AS other, LATERAL (SELECT other.id AS x) AS s WHERE s.x = goal.id
---
ok 0

DROP TABLE goal
---
ok 0
