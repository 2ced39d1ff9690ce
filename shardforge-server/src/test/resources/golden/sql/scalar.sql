# Scalar subqueries tied to the outer row: rows that have none, several or null keys.
CREATE TABLE outers (id integer PRIMARY KEY, k integer, n numeric, t text)
---
ok 0

CREATE TABLE inners (id integer PRIMARY KEY, k integer, k2 integer, v integer, n numeric, t text)
---
ok 0

INSERT INTO outers SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 11 END, i * 1.5, 'x' || i % 3 FROM generate_series(1, 40) i
---
ok 40

INSERT INTO inners SELECT i, CASE WHEN i % 5 = 0 THEN NULL ELSE i % 8 END, i % 3, CASE WHEN i % 6 = 0 THEN NULL ELSE i END, i / 3.0, 'x' || i % 4 FROM generate_series(1, 60) i
---
ok 60

SELECT id FROM outers o WHERE id < (SELECT avg(v) FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
1
2
3
4
5
6
11
12
13
15
16
17
18
22
23
24
25
26
27
29

SELECT id FROM outers o WHERE 3 > (SELECT count(*) FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE 0 = (SELECT count(v) FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE (SELECT count(*) FROM inners i WHERE i.k = o.k) + 1 = 1 ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE (SELECT max(v) FROM inners i WHERE i.k = o.k) IS NULL ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE (SELECT coalesce(sum(v), -1) FROM inners i WHERE i.k = o.k) < 0 ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE (SELECT count(*) + coalesce(max(v), 5) FROM inners i WHERE i.k = o.k) = 5 ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE id > (SELECT min(v) FROM inners i WHERE i.k = o.k AND i.k2 = o.id % 3) ORDER BY id
---
id
11
12
16
17
22
23
25
27
29
34
36
37
38
40

SELECT id FROM outers o WHERE id > (SELECT min(v) FROM inners i WHERE o.k + 1 = i.k - 1 AND i.v > 10) ORDER BY id
---
id
12
15
23
25
26
27
33
34
36
37
38

SELECT id FROM outers o WHERE id > (SELECT min(v) FROM inners i WHERE i.k = o.k AND i.v > o.id) ORDER BY id
---
id

SELECT id FROM outers o WHERE id > (SELECT min(v) FROM inners i WHERE i.k > o.k) ORDER BY id
---
id
11
12
13
15
16
17
22
23
24
25
26
27
33
34
36
37
38
39

SELECT id FROM outers o WHERE id > (SELECT min(v) FROM inners i WHERE i.t = o.t) AND id < (SELECT max(v) - 20 FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
4
5
6
11
12
13
15
16
17
18
22
23
24
25
26
27
33
34
36

SELECT id FROM outers o WHERE (SELECT max(v) FROM inners i WHERE i.k = o.k) > (SELECT avg(v) FROM inners i WHERE i.t = o.t) + 10 ORDER BY id
---
id
1
2
3
4
5
6
11
12
13
15
16
17
18
22
23
24
25
26
27
29
33
34
36
37
38
39
40

SELECT id FROM outers o WHERE id BETWEEN 5 AND 30 AND (SELECT string_agg(t, ',' ORDER BY id) FROM inners i WHERE i.k = o.k) LIKE 'x1%' ORDER BY id
---
id
5
12
16
23
27

SELECT id FROM outers o WHERE (SELECT array_agg(v ORDER BY v) FROM inners i WHERE i.k = o.k) IS NULL ORDER BY id
---
id
7
8
9
10
14
19
20
21
28
30
31
32
35

SELECT id FROM outers o WHERE id = (SELECT min(i.v) FROM inners i JOIN outers p ON p.id = i.id WHERE i.k = o.k) ORDER BY id
---
id
1
2
3
4

SELECT o.id, p.id FROM outers o JOIN outers p ON p.id = o.id + 1 WHERE p.n > (SELECT avg(n) FROM inners i WHERE i.k = o.k AND i.k2 = p.id % 3) ORDER BY 1, 2
---
id | id
5 | 6
11 | 12
12 | 13
13 | 14
15 | 16
16 | 17
17 | 18
18 | 19
22 | 23
23 | 24
24 | 25
25 | 26
26 | 27
27 | 28
29 | 30
33 | 34
34 | 35
36 | 37
37 | 38
38 | 39
39 | 40

SELECT id FROM outers o WHERE id < 10 OR id < (SELECT avg(v) FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
1
2
3
4
5
6
7
8
9
11
12
13
15
16
17
18
22
23
24
25
26
27
29

SELECT id FROM outers o WHERE NOT id < (SELECT avg(v) FROM inners i WHERE i.k = o.k) ORDER BY id
---
id
33
34
36
37
38
39
40

SELECT id FROM outers o WHERE CASE WHEN id > 20 THEN 1 / (SELECT count(*) - count(*) FROM inners i WHERE i.k = o.k) = 1 ELSE id < 3 END AND id < 20 ORDER BY id
---
id
1
2

SELECT id FROM outers o WHERE n = (SELECT avg(n) FROM inners i WHERE i.n = o.n) ORDER BY id
---
id
2
4
6
8
10
12

UPDATE outers o SET t = 'much' WHERE n > (SELECT 2 * avg(n) FROM inners i WHERE i.k = o.k)
---
ok 18

SELECT id FROM outers WHERE t = 'much' ORDER BY id
---
id
15
16
17
18
22
23
24
25
26
27
29
33
34
36
37
38
39
40

DELETE FROM outers o WHERE 7 = (SELECT count(*) FROM inners i WHERE i.k = o.k)
---
ok 7

SELECT count(*), sum(id) FROM outers
---
count | sum
33 | 686

SELECT id FROM outers o WHERE id < (SELECT avg(v) FROM inners i WHERE i.k = o.k) ORDER BY id FOR UPDATE
---
id
2
4
5
6
11
13
15
16
17
18
22
24
26
27
29

# Alternatives that share a condition, or demand something of one side each.
SELECT count(*) FROM outers o, inners i WHERE (o.k = i.k AND o.id < 10 AND i.v > 5) OR (o.k = i.k AND o.id > 20 AND i.v < 30)
---
count
37

SELECT count(*) FROM outers o, inners i WHERE (o.k = i.k AND o.id < 10) OR (o.k = i.k)
---
count
113

SELECT count(*) FROM outers o LEFT JOIN inners i ON (o.k = i.k AND o.id < 10 AND i.v > 5) OR (o.k = i.k AND o.id > 20 AND i.v < 30)
---
count
56

SELECT count(*) FROM outers a, outers b WHERE (a.t = 'x1' AND b.t = 'x2') OR (a.t = 'x2' AND b.t = 'x1')
---
count
112

SELECT count(*) FROM outers a, outers b, inners i WHERE a.k = i.k AND b.k = i.k AND ((a.t = 'x1' AND b.t = 'x2' AND i.v > 3) OR (a.t = 'x2' AND b.t = 'x1' AND i.v IS NULL))
---
count
5

SELECT count(*) FROM outers a, outers b WHERE a.k = b.k AND (a.id = 3 OR b.id = 4)
---
count
4

# Constants.
SELECT count(*) FROM inners WHERE v < 10 + 5 * 2
---
count
16

SELECT count(*) FROM outers WHERE id > 100 AND id < 1 / (2 - 2)
---
ERROR 22012: division by zero

SELECT CASE WHEN true THEN 1 ELSE 1 / 0 END
---
case
1

SELECT 1 / 0
---
ERROR 22012: division by zero

drop table outers, inners
---
ok 0
