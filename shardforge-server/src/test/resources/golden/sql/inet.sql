CREATE TABLE INET_TBL (c cidr, i inet)
---
ok 0

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1', '192.168.1.226/24')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1.0/26', '192.168.1.226')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1', '192.168.1.0/24')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1', '192.168.1.0/25')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1', '192.168.1.255/24')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1', '192.168.1.255/25')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10', '10.1.2.3/8')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10.0.0.0', '10.1.2.3/8')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10.1.2.3', '10.1.2.3/32')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10.1.2', '10.1.2.3/24')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10.1', '10.1.2.3/16')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10', '10.1.2.3/8')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10', '11.1.2.3/8')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10', '9.1.2.3/8')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10:23::f1', '10:23::f1/64')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('10:23::8000/113', '10:23::ffff')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('::ffff:1.2.3.4', '::4.3.2.1/24')
---
ok 1

INSERT INTO INET_TBL (c, i) VALUES ('192.168.1.2/30', '192.168.1.226')
---
ERROR 22P02: invalid cidr value: "192.168.1.2/30"
at 37
detail Value has bits set to right of mask.

INSERT INTO INET_TBL (c, i) VALUES ('1234::1234::1234', '::1.2.3.4')
---
ERROR 22P02: invalid input syntax for type cidr: "1234::1234::1234"
at 37

INSERT INTO INET_TBL (c, i) VALUES (cidr('192.168.1.2/30'), '192.168.1.226')
---
ERROR 22P02: invalid cidr value: "192.168.1.2/30"
at 42
detail Value has bits set to right of mask.

INSERT INTO INET_TBL (c, i) VALUES (cidr('ffff:ffff:ffff:ffff::/24'), '::192.168.1.226')
---
ERROR 22P02: invalid cidr value: "ffff:ffff:ffff:ffff::/24"
at 42
detail Value has bits set to right of mask.

SELECT c AS cidr, i AS inet FROM INET_TBL ORDER BY i, c
---
cidr | inet
10.0.0.0/8 | 9.1.2.3/8
10.0.0.0/8 | 10.1.2.3/8
10.0.0.0/8 | 10.1.2.3/8
10.0.0.0/32 | 10.1.2.3/8
10.1.0.0/16 | 10.1.2.3/16
10.1.2.0/24 | 10.1.2.3/24
10.1.2.3/32 | 10.1.2.3
10.0.0.0/8 | 11.1.2.3/8
192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.226/24
192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226
::ffff:1.2.3.4/128 | ::4.3.2.1/24
10:23::f1/128 | 10:23::f1/64
10:23::8000/113 | 10:23::ffff

SELECT i AS inet, host(i), text(i), family(i) FROM INET_TBL ORDER BY i, c
---
inet | host | text | family
9.1.2.3/8 | 9.1.2.3 | 9.1.2.3/8 | 4
10.1.2.3/8 | 10.1.2.3 | 10.1.2.3/8 | 4
10.1.2.3/8 | 10.1.2.3 | 10.1.2.3/8 | 4
10.1.2.3/8 | 10.1.2.3 | 10.1.2.3/8 | 4
10.1.2.3/16 | 10.1.2.3 | 10.1.2.3/16 | 4
10.1.2.3/24 | 10.1.2.3 | 10.1.2.3/24 | 4
10.1.2.3 | 10.1.2.3 | 10.1.2.3/32 | 4
11.1.2.3/8 | 11.1.2.3 | 11.1.2.3/8 | 4
192.168.1.0/24 | 192.168.1.0 | 192.168.1.0/24 | 4
192.168.1.226/24 | 192.168.1.226 | 192.168.1.226/24 | 4
192.168.1.255/24 | 192.168.1.255 | 192.168.1.255/24 | 4
192.168.1.0/25 | 192.168.1.0 | 192.168.1.0/25 | 4
192.168.1.255/25 | 192.168.1.255 | 192.168.1.255/25 | 4
192.168.1.226 | 192.168.1.226 | 192.168.1.226/32 | 4
::4.3.2.1/24 | ::4.3.2.1 | ::4.3.2.1/24 | 6
10:23::f1/64 | 10:23::f1 | 10:23::f1/64 | 6
10:23::ffff | 10:23::ffff | 10:23::ffff/128 | 6

SELECT c AS cidr, abbrev(c) FROM INET_TBL ORDER BY i, c
---
cidr | abbrev
10.0.0.0/8 | 10/8
10.0.0.0/8 | 10/8
10.0.0.0/8 | 10/8
10.0.0.0/32 | 10.0.0.0/32
10.1.0.0/16 | 10.1/16
10.1.2.0/24 | 10.1.2/24
10.1.2.3/32 | 10.1.2.3/32
10.0.0.0/8 | 10/8
192.168.1.0/24 | 192.168.1/24
192.168.1.0/24 | 192.168.1/24
192.168.1.0/24 | 192.168.1/24
192.168.1.0/24 | 192.168.1/24
192.168.1.0/24 | 192.168.1/24
192.168.1.0/26 | 192.168.1.0/26
::ffff:1.2.3.4/128 | ::ffff:1.2.3.4/128
10:23::f1/128 | 10:23::f1/128
10:23::8000/113 | 10:23::8000/113

SELECT c AS cidr, broadcast(c),
  i AS inet, broadcast(i) FROM INET_TBL ORDER BY i, c
---
cidr | broadcast | inet | broadcast
10.0.0.0/8 | 10.255.255.255/8 | 9.1.2.3/8 | 9.255.255.255/8
10.0.0.0/8 | 10.255.255.255/8 | 10.1.2.3/8 | 10.255.255.255/8
10.0.0.0/8 | 10.255.255.255/8 | 10.1.2.3/8 | 10.255.255.255/8
10.0.0.0/32 | 10.0.0.0 | 10.1.2.3/8 | 10.255.255.255/8
10.1.0.0/16 | 10.1.255.255/16 | 10.1.2.3/16 | 10.1.255.255/16
10.1.2.0/24 | 10.1.2.255/24 | 10.1.2.3/24 | 10.1.2.255/24
10.1.2.3/32 | 10.1.2.3 | 10.1.2.3 | 10.1.2.3
10.0.0.0/8 | 10.255.255.255/8 | 11.1.2.3/8 | 11.255.255.255/8
192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.226/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.255/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.0/25 | 192.168.1.127/25
192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.255/25 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.63/26 | 192.168.1.226 | 192.168.1.226
::ffff:1.2.3.4/128 | ::ffff:1.2.3.4 | ::4.3.2.1/24 | 0:ff:ffff:ffff:ffff:ffff:ffff:ffff/24
10:23::f1/128 | 10:23::f1 | 10:23::f1/64 | 10:23::ffff:ffff:ffff:ffff/64
10:23::8000/113 | 10:23::ffff/113 | 10:23::ffff | 10:23::ffff

SELECT c AS cidr, network(c) AS "network(cidr)",
  i AS inet, network(i) AS "network(inet)" FROM INET_TBL ORDER BY i, c
---
cidr | network(cidr) | inet | network(inet)
10.0.0.0/8 | 10.0.0.0/8 | 9.1.2.3/8 | 9.0.0.0/8
10.0.0.0/8 | 10.0.0.0/8 | 10.1.2.3/8 | 10.0.0.0/8
10.0.0.0/8 | 10.0.0.0/8 | 10.1.2.3/8 | 10.0.0.0/8
10.0.0.0/32 | 10.0.0.0/32 | 10.1.2.3/8 | 10.0.0.0/8
10.1.0.0/16 | 10.1.0.0/16 | 10.1.2.3/16 | 10.1.0.0/16
10.1.2.0/24 | 10.1.2.0/24 | 10.1.2.3/24 | 10.1.2.0/24
10.1.2.3/32 | 10.1.2.3/32 | 10.1.2.3 | 10.1.2.3/32
10.0.0.0/8 | 10.0.0.0/8 | 11.1.2.3/8 | 11.0.0.0/8
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.226/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.255/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.0/25 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.255/25 | 192.168.1.128/25
192.168.1.0/26 | 192.168.1.0/26 | 192.168.1.226 | 192.168.1.226/32
::ffff:1.2.3.4/128 | ::ffff:1.2.3.4/128 | ::4.3.2.1/24 | ::/24
10:23::f1/128 | 10:23::f1/128 | 10:23::f1/64 | 10:23::/64
10:23::8000/113 | 10:23::8000/113 | 10:23::ffff | 10:23::ffff/128

SELECT c AS cidr, masklen(c) AS "masklen(cidr)",
  i AS inet, masklen(i) AS "masklen(inet)" FROM INET_TBL ORDER BY i, c
---
cidr | masklen(cidr) | inet | masklen(inet)
10.0.0.0/8 | 8 | 9.1.2.3/8 | 8
10.0.0.0/8 | 8 | 10.1.2.3/8 | 8
10.0.0.0/8 | 8 | 10.1.2.3/8 | 8
10.0.0.0/32 | 32 | 10.1.2.3/8 | 8
10.1.0.0/16 | 16 | 10.1.2.3/16 | 16
10.1.2.0/24 | 24 | 10.1.2.3/24 | 24
10.1.2.3/32 | 32 | 10.1.2.3 | 32
10.0.0.0/8 | 8 | 11.1.2.3/8 | 8
192.168.1.0/24 | 24 | 192.168.1.0/24 | 24
192.168.1.0/24 | 24 | 192.168.1.226/24 | 24
192.168.1.0/24 | 24 | 192.168.1.255/24 | 24
192.168.1.0/24 | 24 | 192.168.1.0/25 | 25
192.168.1.0/24 | 24 | 192.168.1.255/25 | 25
192.168.1.0/26 | 26 | 192.168.1.226 | 32
::ffff:1.2.3.4/128 | 128 | ::4.3.2.1/24 | 24
10:23::f1/128 | 128 | 10:23::f1/64 | 64
10:23::8000/113 | 113 | 10:23::ffff | 128

SELECT c AS cidr, masklen(c) AS "masklen(cidr)",
  i AS inet, masklen(i) AS "masklen(inet)" FROM INET_TBL
  WHERE masklen(c) <= 8 ORDER BY i, c
---
cidr | masklen(cidr) | inet | masklen(inet)
10.0.0.0/8 | 8 | 9.1.2.3/8 | 8
10.0.0.0/8 | 8 | 10.1.2.3/8 | 8
10.0.0.0/8 | 8 | 10.1.2.3/8 | 8
10.0.0.0/8 | 8 | 11.1.2.3/8 | 8

SELECT c AS cidr, i AS inet FROM INET_TBL
  WHERE c = i ORDER BY i, c
---
cidr | inet
10.1.2.3/32 | 10.1.2.3
192.168.1.0/24 | 192.168.1.0/24

SELECT i, c,
  i < c AS lt, i <= c AS le, i = c AS eq,
  i >= c AS ge, i > c AS gt, i <> c AS ne,
  i << c AS sb, i <<= c AS sbe,
  i >> c AS sup, i >>= c AS spe,
  i && c AS ovr
  FROM INET_TBL ORDER BY i, c
---
i | c | lt | le | eq | ge | gt | ne | sb | sbe | sup | spe | ovr
9.1.2.3/8 | 10.0.0.0/8 | t | t | f | f | f | t | f | f | f | f | f
10.1.2.3/8 | 10.0.0.0/8 | f | f | f | t | t | t | f | t | f | t | t
10.1.2.3/8 | 10.0.0.0/8 | f | f | f | t | t | t | f | t | f | t | t
10.1.2.3/8 | 10.0.0.0/32 | t | t | f | f | f | t | f | f | t | t | t
10.1.2.3/16 | 10.1.0.0/16 | f | f | f | t | t | t | f | t | f | t | t
10.1.2.3/24 | 10.1.2.0/24 | f | f | f | t | t | t | f | t | f | t | t
10.1.2.3 | 10.1.2.3/32 | f | t | t | t | f | f | f | t | f | t | t
11.1.2.3/8 | 10.0.0.0/8 | f | f | f | t | t | t | f | f | f | f | f
192.168.1.0/24 | 192.168.1.0/24 | f | t | t | t | f | f | f | t | f | t | t
192.168.1.226/24 | 192.168.1.0/24 | f | f | f | t | t | t | f | t | f | t | t
192.168.1.255/24 | 192.168.1.0/24 | f | f | f | t | t | t | f | t | f | t | t
192.168.1.0/25 | 192.168.1.0/24 | f | f | f | t | t | t | t | t | f | f | t
192.168.1.255/25 | 192.168.1.0/24 | f | f | f | t | t | t | t | t | f | f | t
192.168.1.226 | 192.168.1.0/26 | f | f | f | t | t | t | f | f | f | f | f
::4.3.2.1/24 | ::ffff:1.2.3.4/128 | t | t | f | f | f | t | f | f | t | t | t
10:23::f1/64 | 10:23::f1/128 | t | t | f | f | f | t | f | f | t | t | t
10:23::ffff | 10:23::8000/113 | f | f | f | t | t | t | t | t | f | f | t

SELECT max(i) AS max, min(i) AS min FROM INET_TBL
---
max | min
10:23::ffff | 9.1.2.3/8

SELECT max(c) AS max, min(c) AS min FROM INET_TBL
---
max | min
10:23::8000/113 | 10.0.0.0/8

SELECT set_masklen(inet(text(i)), 24) FROM INET_TBL ORDER BY i, c
---
set_masklen
9.1.2.3/24
10.1.2.3/24
10.1.2.3/24
10.1.2.3/24
10.1.2.3/24
10.1.2.3/24
10.1.2.3/24
11.1.2.3/24
192.168.1.0/24
192.168.1.226/24
192.168.1.255/24
192.168.1.0/24
192.168.1.255/24
192.168.1.226/24
::4.3.2.1/24
10:23::f1/24
10:23::ffff/24

CREATE INDEX inet_idx1 ON inet_tbl(i)
---
ok 0

SELECT * FROM inet_tbl WHERE i<<'192.168.1.0/24'::cidr ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE i<<'192.168.1.0/24'::cidr ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE i<<='192.168.1.0/24'::cidr ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.226/24
192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE i<<='192.168.1.0/24'::cidr ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.226/24
192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE '192.168.1.0/24'::cidr >>= i ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.226/24
192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE '192.168.1.0/24'::cidr >>= i ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/24 | 192.168.1.226/24
192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE '192.168.1.0/24'::cidr >> i ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

SELECT * FROM inet_tbl WHERE '192.168.1.0/24'::cidr >> i ORDER BY i, c
---
c | i
192.168.1.0/24 | 192.168.1.0/25
192.168.1.0/24 | 192.168.1.255/25
192.168.1.0/26 | 192.168.1.226

DROP INDEX inet_idx1
---
ok 0

SELECT i, ~i AS "~i" FROM inet_tbl ORDER BY i, c
---
i | ~i
9.1.2.3/8 | 246.254.253.252/8
10.1.2.3/8 | 245.254.253.252/8
10.1.2.3/8 | 245.254.253.252/8
10.1.2.3/8 | 245.254.253.252/8
10.1.2.3/16 | 245.254.253.252/16
10.1.2.3/24 | 245.254.253.252/24
10.1.2.3 | 245.254.253.252
11.1.2.3/8 | 244.254.253.252/8
192.168.1.0/24 | 63.87.254.255/24
192.168.1.226/24 | 63.87.254.29/24
192.168.1.255/24 | 63.87.254.0/24
192.168.1.0/25 | 63.87.254.255/25
192.168.1.255/25 | 63.87.254.0/25
192.168.1.226 | 63.87.254.29
::4.3.2.1/24 | ffff:ffff:ffff:ffff:ffff:ffff:fbfc:fdfe/24
10:23::f1/64 | ffef:ffdc:ffff:ffff:ffff:ffff:ffff:ff0e/64
10:23::ffff | ffef:ffdc:ffff:ffff:ffff:ffff:ffff:0

SELECT i, c, i & c AS "and" FROM inet_tbl ORDER BY i, c
---
i | c | and
9.1.2.3/8 | 10.0.0.0/8 | 8.0.0.0/8
10.1.2.3/8 | 10.0.0.0/8 | 10.0.0.0/8
10.1.2.3/8 | 10.0.0.0/8 | 10.0.0.0/8
10.1.2.3/8 | 10.0.0.0/32 | 10.0.0.0
10.1.2.3/16 | 10.1.0.0/16 | 10.1.0.0/16
10.1.2.3/24 | 10.1.2.0/24 | 10.1.2.0/24
10.1.2.3 | 10.1.2.3/32 | 10.1.2.3
11.1.2.3/8 | 10.0.0.0/8 | 10.0.0.0/8
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.0/24
192.168.1.226/24 | 192.168.1.0/24 | 192.168.1.0/24
192.168.1.255/24 | 192.168.1.0/24 | 192.168.1.0/24
192.168.1.0/25 | 192.168.1.0/24 | 192.168.1.0/25
192.168.1.255/25 | 192.168.1.0/24 | 192.168.1.0/25
192.168.1.226 | 192.168.1.0/26 | 192.168.1.0
::4.3.2.1/24 | ::ffff:1.2.3.4/128 | ::0.2.2.0
10:23::f1/64 | 10:23::f1/128 | 10:23::f1
10:23::ffff | 10:23::8000/113 | 10:23::8000

SELECT i, c, i | c AS "or" FROM inet_tbl ORDER BY i, c
---
i | c | or
9.1.2.3/8 | 10.0.0.0/8 | 11.1.2.3/8
10.1.2.3/8 | 10.0.0.0/8 | 10.1.2.3/8
10.1.2.3/8 | 10.0.0.0/8 | 10.1.2.3/8
10.1.2.3/8 | 10.0.0.0/32 | 10.1.2.3
10.1.2.3/16 | 10.1.0.0/16 | 10.1.2.3/16
10.1.2.3/24 | 10.1.2.0/24 | 10.1.2.3/24
10.1.2.3 | 10.1.2.3/32 | 10.1.2.3
11.1.2.3/8 | 10.0.0.0/8 | 11.1.2.3/8
192.168.1.0/24 | 192.168.1.0/24 | 192.168.1.0/24
192.168.1.226/24 | 192.168.1.0/24 | 192.168.1.226/24
192.168.1.255/24 | 192.168.1.0/24 | 192.168.1.255/24
192.168.1.0/25 | 192.168.1.0/24 | 192.168.1.0/25
192.168.1.255/25 | 192.168.1.0/24 | 192.168.1.255/25
192.168.1.226 | 192.168.1.0/26 | 192.168.1.226
::4.3.2.1/24 | ::ffff:1.2.3.4/128 | ::ffff:5.3.3.5
10:23::f1/64 | 10:23::f1/128 | 10:23::f1
10:23::ffff | 10:23::8000/113 | 10:23::ffff

SELECT i, i + 500 AS "i+500" FROM inet_tbl ORDER BY i, c
---
i | i+500
9.1.2.3/8 | 9.1.3.247/8
10.1.2.3/8 | 10.1.3.247/8
10.1.2.3/8 | 10.1.3.247/8
10.1.2.3/8 | 10.1.3.247/8
10.1.2.3/16 | 10.1.3.247/16
10.1.2.3/24 | 10.1.3.247/24
10.1.2.3 | 10.1.3.247
11.1.2.3/8 | 11.1.3.247/8
192.168.1.0/24 | 192.168.2.244/24
192.168.1.226/24 | 192.168.3.214/24
192.168.1.255/24 | 192.168.3.243/24
192.168.1.0/25 | 192.168.2.244/25
192.168.1.255/25 | 192.168.3.243/25
192.168.1.226 | 192.168.3.214
::4.3.2.1/24 | ::4.3.3.245/24
10:23::f1/64 | 10:23::2e5/64
10:23::ffff | 10:23::1:1f3

SELECT i, i - 500 AS "i-500" FROM inet_tbl ORDER BY i, c
---
i | i-500
9.1.2.3/8 | 9.1.0.15/8
10.1.2.3/8 | 10.1.0.15/8
10.1.2.3/8 | 10.1.0.15/8
10.1.2.3/8 | 10.1.0.15/8
10.1.2.3/16 | 10.1.0.15/16
10.1.2.3/24 | 10.1.0.15/24
10.1.2.3 | 10.1.0.15
11.1.2.3/8 | 11.1.0.15/8
192.168.1.0/24 | 192.167.255.12/24
192.168.1.226/24 | 192.167.255.238/24
192.168.1.255/24 | 192.168.0.11/24
192.168.1.0/25 | 192.167.255.12/25
192.168.1.255/25 | 192.168.0.11/25
192.168.1.226 | 192.167.255.238
::4.3.2.1/24 | ::4.3.0.13/24
10:23::f1/64 | 10:22:ffff:ffff:ffff:ffff:ffff:fefd/64
10:23::ffff | 10:23::fe0b

SELECT i, c, i - c AS "minus" FROM inet_tbl ORDER BY i, c
---
i | c | minus
9.1.2.3/8 | 10.0.0.0/8 | -16711165
10.1.2.3/8 | 10.0.0.0/8 | 66051
10.1.2.3/8 | 10.0.0.0/8 | 66051
10.1.2.3/8 | 10.0.0.0/32 | 66051
10.1.2.3/16 | 10.1.0.0/16 | 515
10.1.2.3/24 | 10.1.2.0/24 | 3
10.1.2.3 | 10.1.2.3/32 | 0
11.1.2.3/8 | 10.0.0.0/8 | 16843267
192.168.1.0/24 | 192.168.1.0/24 | 0
192.168.1.226/24 | 192.168.1.0/24 | 226
192.168.1.255/24 | 192.168.1.0/24 | 255
192.168.1.0/25 | 192.168.1.0/24 | 0
192.168.1.255/25 | 192.168.1.0/24 | 255
192.168.1.226 | 192.168.1.0/26 | 226
::4.3.2.1/24 | ::ffff:1.2.3.4/128 | -281470631346435
10:23::f1/64 | 10:23::f1/128 | 0
10:23::ffff | 10:23::8000/113 | 32767

SELECT '127.0.0.1'::inet + 257
---
?column?
127.0.1.2

SELECT ('127.0.0.1'::inet + 257) - 257
---
?column?
127.0.0.1

SELECT '127::1'::inet + 257
---
?column?
127::102

SELECT ('127::1'::inet + 257) - 257
---
?column?
127::1

SELECT '127.0.0.2'::inet  - ('127.0.0.2'::inet + 500)
---
?column?
-500

SELECT '127.0.0.2'::inet  - ('127.0.0.2'::inet - 500)
---
?column?
500

SELECT '127::2'::inet  - ('127::2'::inet + 500)
---
?column?
-500

SELECT '127::2'::inet  - ('127::2'::inet - 500)
---
?column?
500

SELECT '127.0.0.1'::inet + 10000000000
---
ERROR 22003: result is out of range

SELECT '127.0.0.1'::inet - 10000000000
---
ERROR 22003: result is out of range

SELECT '126::1'::inet - '127::2'::inet
---
ERROR 22003: result is out of range

SELECT '127::1'::inet - '126::2'::inet
---
ERROR 22003: result is out of range

SELECT '127::1'::inet + 10000000000
---
?column?
127::2:540b:e401

SELECT '127::1'::inet - '127::2'::inet
---
?column?
-1

INSERT INTO INET_TBL (c, i) VALUES ('10', '10::/8')
---
ok 1

SELECT inet_merge(c, i) FROM INET_TBL ORDER BY c, i
---
ERROR 22023: cannot merge addresses from different families

SELECT inet_merge(c, i) FROM INET_TBL WHERE inet_same_family(c, i) ORDER BY c, i
---
inet_merge
8.0.0.0/6
10.0.0.0/8
10.0.0.0/8
10.0.0.0/7
10.0.0.0/8
10.1.0.0/16
10.1.2.0/24
10.1.2.3/32
192.168.1.0/24
192.168.1.0/24
192.168.1.0/24
192.168.1.0/24
192.168.1.0/24
192.168.1.0/24
::/24
10:23::/64
10:23::8000/113

SELECT a FROM (VALUES
  ('0.0.0.0/0'::inet),
  ('0.0.0.0/1'::inet),
  ('0.0.0.0/32'::inet),
  ('0.0.0.1/0'::inet),
  ('0.0.0.1/1'::inet),
  ('127.126.127.127/0'::inet),
  ('127.127.127.127/0'::inet),
  ('127.128.127.127/0'::inet),
  ('192.168.1.0/24'::inet),
  ('192.168.1.0/25'::inet),
  ('192.168.1.1/23'::inet),
  ('192.168.1.1/5'::inet),
  ('192.168.1.1/6'::inet),
  ('192.168.1.1/25'::inet),
  ('192.168.1.2/25'::inet),
  ('192.168.1.1/26'::inet),
  ('192.168.1.2/26'::inet),
  ('192.168.1.2/23'::inet),
  ('192.168.1.255/5'::inet),
  ('192.168.1.255/6'::inet),
  ('192.168.1.3/1'::inet),
  ('192.168.1.3/23'::inet),
  ('192.168.1.4/0'::inet),
  ('192.168.1.5/0'::inet),
  ('255.0.0.0/0'::inet),
  ('255.1.0.0/0'::inet),
  ('255.2.0.0/0'::inet),
  ('255.255.000.000/0'::inet),
  ('255.255.000.000/0'::inet),
  ('255.255.000.000/15'::inet),
  ('255.255.000.000/16'::inet),
  ('255.255.255.254/32'::inet),
  ('255.255.255.000/32'::inet),
  ('255.255.255.001/31'::inet),
  ('255.255.255.002/31'::inet),
  ('255.255.255.003/31'::inet),
  ('255.255.255.003/32'::inet),
  ('255.255.255.001/32'::inet),
  ('255.255.255.255/0'::inet),
  ('255.255.255.255/0'::inet),
  ('255.255.255.255/0'::inet),
  ('255.255.255.255/1'::inet),
  ('255.255.255.255/16'::inet),
  ('255.255.255.255/16'::inet),
  ('255.255.255.255/31'::inet),
  ('255.255.255.255/32'::inet),
  ('255.255.255.253/32'::inet),
  ('255.255.255.252/32'::inet),
  ('255.3.0.0/0'::inet),
  ('0000:0000:0000:0000:0000:0000:0000:0000/0'::inet),
  ('0000:0000:0000:0000:0000:0000:0000:0000/128'::inet),
  ('0000:0000:0000:0000:0000:0000:0000:0001/128'::inet),
  ('10:23::f1/64'::inet),
  ('10:23::f1/65'::inet),
  ('10:23::ffff'::inet),
  ('127::1'::inet),
  ('127::2'::inet),
  ('8000:0000:0000:0000:0000:0000:0000:0000/1'::inet),
  ('::1:ffff:ffff:ffff:ffff/128'::inet),
  ('::2:ffff:ffff:ffff:ffff/128'::inet),
  ('::4:3:2:0/24'::inet),
  ('::4:3:2:1/24'::inet),
  ('::4:3:2:2/24'::inet),
  ('ffff:83e7:f118:57dc:6093:6d92:689d:58cf/70'::inet),
  ('ffff:84b0:4775:536e:c3ed:7116:a6d6:34f0/44'::inet),
  ('ffff:8566:f84:5867:47f1:7867:d2ba:8a1a/69'::inet),
  ('ffff:8883:f028:7d2:4d68:d510:7d6b:ac43/73'::inet),
  ('ffff:8ae8:7c14:65b3:196:8e4a:89ae:fb30/89'::inet),
  ('ffff:8dd0:646:694c:7c16:7e35:6a26:171/104'::inet),
  ('ffff:8eef:cbf:700:eda3:ae32:f4b4:318b/121'::inet),
  ('ffff:90e7:e744:664:a93:8efe:1f25:7663/122'::inet),
  ('ffff:9597:c69c:8b24:57a:8639:ec78:6026/111'::inet),
  ('ffff:9e86:79ea:f16e:df31:8e4d:7783:532e/88'::inet),
  ('ffff:a0c7:82d3:24de:f762:6e1f:316d:3fb2/23'::inet),
  ('ffff:fffa:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:fffb:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:fffc:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:fffd:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:fffe:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:fffa:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:fffb:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:fffc:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:fffd::/128'::inet),
  ('ffff:ffff:ffff:fffd:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:fffe::/128'::inet),
  ('ffff:ffff:ffff:fffe:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:ffff:4:3:2:0/24'::inet),
  ('ffff:ffff:ffff:ffff:4:3:2:1/24'::inet),
  ('ffff:ffff:ffff:ffff:4:3:2:2/24'::inet),
  ('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0'::inet),
  ('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'::inet)
) AS i(a) ORDER BY a
---
a
0.0.0.0/0
0.0.0.1/0
127.126.127.127/0
127.127.127.127/0
127.128.127.127/0
192.168.1.4/0
192.168.1.5/0
255.0.0.0/0
255.1.0.0/0
255.2.0.0/0
255.3.0.0/0
255.255.0.0/0
255.255.0.0/0
255.255.255.255/0
255.255.255.255/0
255.255.255.255/0
0.0.0.0/1
0.0.0.1/1
0.0.0.0
192.168.1.3/1
255.255.255.255/1
192.168.1.1/5
192.168.1.255/5
192.168.1.1/6
192.168.1.255/6
192.168.1.1/23
192.168.1.2/23
192.168.1.3/23
192.168.1.0/24
192.168.1.0/25
192.168.1.1/25
192.168.1.2/25
192.168.1.1/26
192.168.1.2/26
255.255.0.0/15
255.255.0.0/16
255.255.255.255/16
255.255.255.255/16
255.255.255.1/31
255.255.255.0
255.255.255.1
255.255.255.2/31
255.255.255.3/31
255.255.255.3
255.255.255.252
255.255.255.253
255.255.255.255/31
255.255.255.254
255.255.255.255
::/0
ffff:fffa:ffff:ffff:ffff:ffff:ffff:ffff/0
ffff:fffb:ffff:ffff:ffff:ffff:ffff:ffff/0
ffff:fffc:ffff:ffff:ffff:ffff:ffff:ffff/0
ffff:fffd:ffff:ffff:ffff:ffff:ffff:ffff/0
ffff:fffe:ffff:ffff:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:fffa:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:fffb:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:fffc:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:fffd:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:fffe:ffff:ffff:ffff:ffff/0
ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0
::4:3:2:0/24
::4:3:2:1/24
::4:3:2:2/24
::
::1
::1:ffff:ffff:ffff:ffff
::2:ffff:ffff:ffff:ffff
10:23::f1/64
10:23::f1/65
10:23::ffff
127::1
127::2
8000::/1
ffff:83e7:f118:57dc:6093:6d92:689d:58cf/70
ffff:84b0:4775:536e:c3ed:7116:a6d6:34f0/44
ffff:8566:f84:5867:47f1:7867:d2ba:8a1a/69
ffff:8883:f028:7d2:4d68:d510:7d6b:ac43/73
ffff:8ae8:7c14:65b3:196:8e4a:89ae:fb30/89
ffff:8dd0:646:694c:7c16:7e35:6a26:171/104
ffff:8eef:cbf:700:eda3:ae32:f4b4:318b/121
ffff:90e7:e744:664:a93:8efe:1f25:7663/122
ffff:9597:c69c:8b24:57a:8639:ec78:6026/111
ffff:9e86:79ea:f16e:df31:8e4d:7783:532e/88
ffff:a0c7:82d3:24de:f762:6e1f:316d:3fb2/23
ffff:ffff:ffff:ffff:4:3:2:0/24
ffff:ffff:ffff:ffff:4:3:2:1/24
ffff:ffff:ffff:ffff:4:3:2:2/24
ffff:ffff:ffff:fffd::
ffff:ffff:ffff:fffe::
ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff

select '1.2.3.4.'::inet, '10/8'::inet, '10.1/16'::inet, '0010.1.2.3'::inet, '1.2.3.4/0'::inet, '::'::inet, '::1'::inet, '::/0'::inet, '::1.2.3.4'::inet, '::ffff:1.2.3.4/100'::inet
---
inet | inet | inet | inet | inet | inet | inet | inet | inet | inet
1.2.3.4 | 10.0.0.0/8 | 10.1.0.0/16 | 10.1.2.3 | 1.2.3.4/0 | :: | ::1 | ::/0 | ::1.2.3.4 | ::ffff:1.2.3.4/100

select '1:0:0:2::'::inet, '1::2:0:0:3'::inet, '0:1:2:3:4:5:6:7'::inet, 'ABCD::'::inet, '::1.2'::inet, '1::2:3.4.5.6/120'::inet, '::0:2'::inet, '::1:2'::inet, '::1:2:3'::inet, '1:0:2:0:3:0:4:0'::inet
---
inet | inet | inet | inet | inet | inet | inet | inet | inet | inet
1:0:0:2:: | 1::2:0:0:3 | 0:1:2:3:4:5:6:7 | abcd:: | ::1.2.0.0 | 1::2:304:506/120 | ::2 | ::0.1.0.2 | ::1:2:3 | 1:0:2:0:3:0:4:0

select '10'::cidr, '128'::cidr, '192'::cidr, '224'::cidr, '225'::cidr, '240'::cidr, '0xa1b2'::cidr, '0xa1b'::cidr, '10.1.2.0/24'::cidr, '0/0'::cidr, '::/0'::cidr, '1::/16'::cidr, '1.2.3.4'::cidr
---
cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr | cidr
10.0.0.0/8 | 128.0.0.0/16 | 192.0.0.0/24 | 224.0.0.0/4 | 225.0.0.0/8 | 240.0.0.0/32 | 161.178.0.0/16 | 161.176.0.0/16 | 10.1.2.0/24 | 0.0.0.0/0 | ::/0 | 1::/16 | 1.2.3.4/32

select '10'::inet
---
ERROR 22P02: invalid input syntax for type inet: "10"
at 8

select '10.1/24'::inet
---
ERROR 22P02: invalid input syntax for type inet: "10.1/24"
at 8

select '1.2.3.4/33'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1.2.3.4/33"
at 8

select '1.2.3.256'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1.2.3.256"
at 8

select '1.2.3.4.5'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1.2.3.4.5"
at 8

select ''::inet
---
ERROR 22P02: invalid input syntax for type inet: ""
at 8

select '/8'::inet
---
ERROR 22P02: invalid input syntax for type inet: "/8"
at 8

select '1.2.3.4/'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1.2.3.4/"
at 8

select '1.2.3.4 '::inet
---
ERROR 22P02: invalid input syntax for type inet: "1.2.3.4 "
at 8

select '::1/129'::inet
---
ERROR 22P02: invalid input syntax for type inet: "::1/129"
at 8

select '::1/01'::inet
---
ERROR 22P02: invalid input syntax for type inet: "::1/01"
at 8

select '1:2:3:4:5:6:7:8::'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1:2:3:4:5:6:7:8::"
at 8

select '1:2:3:4:5:6:7'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1:2:3:4:5:6:7"
at 8

select '12345::'::inet
---
ERROR 22P02: invalid input syntax for type inet: "12345::"
at 8

select ':1::'::inet
---
ERROR 22P02: invalid input syntax for type inet: ":1::"
at 8

select '1:'::inet
---
ERROR 22P02: invalid input syntax for type inet: "1:"
at 8

select '::1.02.3.4'::inet
---
ERROR 22P02: invalid input syntax for type inet: "::1.02.3.4"
at 8

select '::1.2.3.4.5'::inet
---
ERROR 22P02: invalid input syntax for type inet: "::1.2.3.4.5"
at 8

select '10.1.2.3/8'::cidr
---
ERROR 22P02: invalid cidr value: "10.1.2.3/8"
at 8
detail Value has bits set to right of mask.

select '10.1.2.3/8'::inet::cidr, '10.1.2.3'::inet::cidr, '10.0.0.0/8'::cidr::inet, '1::2/64'::inet::cidr
---
cidr | cidr | inet | cidr
10.0.0.0/8 | 10.1.2.3/32 | 10.0.0.0/8 | 1::/64

select '10.1.2.3'::inet::text, '10.1.2.3/8'::inet::text, '10.1.2.3'::cidr::text, '10.1.2.3'::inet::varchar, '1::'::cidr::varchar(5), '10.1.2.3'::text::inet, '10'::varchar::cidr
---
text | text | text | varchar | varchar | inet | cidr
10.1.2.3/32 | 10.1.2.3/8 | 10.1.2.3/32 | 10.1.2.3/32 | 1::/1 | 10.1.2.3 | 10.0.0.0/8

select abbrev('10.1.2.3/8'::inet), abbrev('10.1.0.0/16'::cidr), abbrev('0/0'::cidr), abbrev('10.64/10'::cidr), abbrev('::/0'::cidr), abbrev('100::/8'::cidr), abbrev('::ffff:1.2.3.0/120'::cidr), abbrev('::1.2.3.4'::cidr), abbrev('1:2::/32'::cidr), abbrev('::1'::cidr), abbrev('1:0:0:1::/64'::cidr)
---
abbrev | abbrev | abbrev | abbrev | abbrev | abbrev | abbrev | abbrev | abbrev | abbrev | abbrev
10.1.2.3/8 | 10.1/16 | 0/0 | 10.64/10 | ::/0 | 100::/8 | ::ffff:1.2.3/120 | ::1.2.3.4/128 | 1:2/32 | ::1/128 | 1::1/64

select host('10.1.2.3/8'), host('::1/4'), text('::1'::inet), family('1.2.3.4'), family('::'), masklen('10/8'), netmask('10.1.2.3/12'), netmask('1::/70'), hostmask('10.1.2.3/12'), hostmask('1::/70'), network('10.1.2.3/12'), broadcast('10.1.2.3/12'), broadcast('1::/70')
---
host | host | text | family | family | masklen | netmask | netmask | hostmask | hostmask | network | broadcast | broadcast
10.1.2.3 | ::1 | ::1/128 | 4 | 6 | 8 | 255.240.0.0 | ffff:ffff:ffff:ffff:fc00:: | 0.15.255.255 | ::3ff:ffff:ffff:ffff | 10.0.0.0/12 | 10.15.255.255/12 | 1::3ff:ffff:ffff:ffff/70

select set_masklen('10.1.2.3'::inet, 8), set_masklen('10.1.2.3/8'::inet, -1), set_masklen('10.1.2.0/24'::cidr, 8), set_masklen('10/8'::cidr, -1), set_masklen('1::2'::inet, 0)
---
set_masklen | set_masklen | set_masklen | set_masklen | set_masklen
10.1.2.3/8 | 10.1.2.3 | 10.0.0.0/8 | 10.0.0.0/32 | 1::2/0

select set_masklen('10.1.2.3'::inet, 33)
---
ERROR 22023: invalid mask length: 33

select set_masklen('1::'::cidr, -2)
---
ERROR 22023: invalid mask length: -2

select inet_merge('10.1.2.3/16', '10.2.2.3/24'), inet_merge('1.2.3.4', '1.2.3.4'), inet_merge('1::', '8000::'), inet_same_family('1.2.3.4', '::1')
---
inet_merge | inet_merge | inet_merge | inet_same_family
10.0.0.0/14 | 1.2.3.4/32 | ::/0 | f

select 5 + '1.2.3.4'::inet, '1.2.3.4'::inet + (-5)
---
?column? | ?column?
1.2.3.9 | 1.2.2.255

select '::ffff'::inet + 1, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'::inet - '::'::inet, '::'::inet - '::5'::inet, '0.0.0.1'::inet - '255.0.0.0'::inet
---
?column? | ?column? | ?column? | ?column?
::0.1.0.0 | -1 | -5 | -4278190079

select '255.255.255.255'::inet + 1
---
ERROR 22003: result is out of range

select '0.0.0.0'::inet - 1
---
ERROR 22003: result is out of range

select '1.2.3.4'::inet & '::1'::inet
---
ERROR 22023: cannot AND inet values of different sizes

select '1.2.3.4'::inet | '::1'::inet
---
ERROR 22023: cannot OR inet values of different sizes

select '1.2.3.4'::inet - '::1'::inet
---
ERROR 22023: cannot subtract inet values of different sizes

select '10.0.0.0/8'::inet = '10/8'::cidr, '10.1.0.0/16'::cidr << '10/8'::cidr, '10/8'::cidr << '10/8'::cidr, '10/8'::cidr <<= '10/8'::cidr, '10/8' >> inet '10.1.2.3', inet '1.2.3.4' << inet '::/0', inet '10.1/16' && inet '10/8', inet '10.1/16' && inet '10.2/16'
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column?
t | t | f | t | t | f | t | f

select pg_typeof(inet '1.2.3.4'), pg_typeof(cidr '10/8'), pg_typeof(array[inet '1.2.3.4']), pg_typeof(network('1.2.3.4/8')), pg_typeof(max(cidr '10/8'))
---
pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
inet | cidr | inet[] | cidr | inet

select hashinet('10.1.2.3/8'), hashinet('::1'), hashinetextended('10.1.2.3/8', 5), hashinet(cidr '10/8')
---
hashinet | hashinet | hashinetextended | hashinet
1966931979 | 1984372031 | -5906231677397998693 | 853331015

select encode(inet_send('10.1.2.3/8'), 'hex'), encode(cidr_send('10/8'), 'hex'), encode(inet_send('::1'), 'hex')
---
encode | encode | encode
020800040a010203 | 020801040a000000 | 0380001000000000000000000000000000000001

select network_larger('10.1.2.3', '10.1.2.3/8'), network_smaller('10.1.2.3', '::'), network_cmp('10/8', '11/8'), network_cmp('10/8', '10/8'), network_cmp('::', '10/8')
---
network_larger | network_smaller | network_cmp | network_cmp | network_cmp
10.1.2.3 | 10.1.2.3 | -1 | 0 | 1

select array['10.1.2.3'::inet, '::1/64'], '{10/8,1::/16}'::cidr[], inet '10.1.2.3' = any ('{10.1.2.3,::1}'::inet[]), to_json(inet '10.1.2.3/8'), row(inet '1.2.3.4', cidr '1.2.3.4')
---
array | cidr | ?column? | to_json | row
{10.1.2.3,::1/64} | {10.0.0.0/8,1::/16} | t | "10.1.2.3/8" | (1.2.3.4,1.2.3.4/32)

create table inet_keys (k inet primary key, v text)
---
ok 0

insert into inet_keys values ('10.1.2.3', 'a'), ('10.1.2.3/8', 'b'), ('10.0.0.0/8', 'c'), ('::1', 'd'), ('::1/64', 'e'), ('255.255.255.255', 'f'), ('0.0.0.0/0', 'g'), ('::ffff:10.1.2.3', 'h'), ('9.255.255.255', 'i'), ('10.0.0.0/9', 'j')
---
ok 10

insert into inet_keys values (cidr '10/8', 'again')
---
ERROR 23505: duplicate key value violates unique constraint "inet_keys_pkey"
detail Key (k)=(10.0.0.0/8) already exists.

insert into inet_keys values ('10.1.2.3', 'again') on conflict (k) do update set v = excluded.v || inet_keys.v returning *
---
k | v
10.1.2.3 | againa

select * from inet_keys order by k
---
k | v
0.0.0.0/0 | g
9.255.255.255 | i
10.0.0.0/8 | c
10.1.2.3/8 | b
10.0.0.0/9 | j
10.1.2.3 | againa
255.255.255.255 | f
::1/64 | e
::1 | d
::ffff:10.1.2.3 | h

select * from inet_keys order by k desc
---
k | v
::ffff:10.1.2.3 | h
::1 | d
::1/64 | e
255.255.255.255 | f
10.1.2.3 | againa
10.0.0.0/9 | j
10.1.2.3/8 | b
10.0.0.0/8 | c
9.255.255.255 | i
0.0.0.0/0 | g

select v from inet_keys where k = '10.1.2.3'
---
v
againa

select v from inet_keys where k = cidr '10/8'
---
v
c

select v from inet_keys where k > '10.0.0.0/8' and k <= '::1' order by k
---
v
b
j
againa
f
e
d

select v from inet_keys where k between '10.1.2.3/8' and '::1/64' order by k
---
v
b
j
againa
f
e

select v from inet_keys where k in ('10.1.2.3', '::1', '1.1.1.1') order by k
---
v
againa
d

select v from inet_keys where k << '10/8' order by k
---
v
j
againa

update inet_keys set k = k + 1 where k = '10.1.2.3' returning k
---
k
10.1.2.4

with gone as (delete from inet_keys where k <<= '::/64' returning k) select * from gone order by k
---
k
::1/64
::1
::ffff:10.1.2.3

create table inet_nets (id int primary key, net cidr unique, hosts inet[], at inet default '127.0.0.1')
---
ok 0

insert into inet_nets values (1, '10/8', '{10.1.2.3,10.1.2.4/16}'), (2, '10.1/16', null), (3, '1::/16', '{}'), (4, inet '192.168.1.77/24', '{NULL,::1}'), (5, null, null)
---
ok 5

insert into inet_nets values (6, '10.0.0.0/8')
---
ERROR 23505: duplicate key value violates unique constraint "inet_nets_net_key"
detail Key (net)=(10.0.0.0/8) already exists.

create index inet_nets_hosts on inet_nets (hosts)
---
ok 0

create index inet_nets_both on inet_nets (net inet_ops, at inet_ops)
---
ok 0

create index inet_nets_at on inet_nets (at desc, id)
---
ok 0

select * from inet_nets order by net nulls first
---
id | net | hosts | at
5 | NULL | NULL | 127.0.0.1
1 | 10.0.0.0/8 | {10.1.2.3,10.1.2.4/16} | 127.0.0.1
2 | 10.1.0.0/16 | NULL | 127.0.0.1
4 | 192.168.1.0/24 | {NULL,::1} | 127.0.0.1
3 | 1::/16 | {} | 127.0.0.1

select id from inet_nets where net = '192.168.1.0/24'
---
id
4

select id from inet_nets where net = inet '10.0.0.0/8'
---
id
1

select id from inet_nets where net >= '10/8' and net < '1::/16' order by net
---
id
1
2
4

select id from inet_nets where hosts = '{10.1.2.3,10.1.2.4/16}'
---
id
1

select id from inet_nets where at = '127.0.0.1' order by at desc, id
---
id
1
2
3
4
5

select k.k, n.net from inet_keys k join inet_nets n on k.k <<= n.net order by 1, 2
---
k | net
10.0.0.0/8 | 10.0.0.0/8
10.1.2.3/8 | 10.0.0.0/8
10.0.0.0/9 | 10.0.0.0/8
10.1.2.4 | 10.0.0.0/8
10.1.2.4 | 10.1.0.0/16

select k.k, n.net from inet_keys k join inet_nets n on k.k = n.net order by 1, 2
---
k | net
10.0.0.0/8 | 10.0.0.0/8

select distinct masklen(net), family(net) from inet_nets order by 1, 2
---
masklen | family
8 | 4
16 | 4
16 | 6
24 | 4
NULL | NULL

select net, count(*) from (select net from inet_nets union all select net from inet_nets) x group by net order by net
---
net | count
10.0.0.0/8 | 2
10.1.0.0/16 | 2
192.168.1.0/24 | 2
1::/16 | 2
NULL | 2

select min(k), max(k), count(distinct network(k)) from inet_keys
---
min | max | count
0.0.0.0/0 | 255.255.255.255 | 6

alter table inet_nets alter column net type inet
---
ok 0

select id, net from inet_nets order by net
---
id | net
1 | 10.0.0.0/8
2 | 10.1.0.0/16
4 | 192.168.1.0/24
3 | 1::/16
5 | NULL

update inet_nets set net = '10.9.9.9/8' where id = 1
---
ok 1

alter table inet_nets alter column net type cidr
---
ok 0

select id, net from inet_nets order by net
---
id | net
1 | 10.0.0.0/8
2 | 10.1.0.0/16
4 | 192.168.1.0/24
3 | 1::/16
5 | NULL

alter table inet_nets alter column at type text
---
ok 0

select id, at from inet_nets order by id
---
id | at
1 | 127.0.0.1/32
2 | 127.0.0.1/32
3 | 127.0.0.1/32
4 | 127.0.0.1/32
5 | 127.0.0.1/32

alter table inet_nets alter column at type inet using at::inet
---
ok 0

select a.attname, a.atttypid::regtype, format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = 'inet_nets'::regclass and a.attnum > 0 order by a.attnum
---
attname | atttypid | format_type
id | integer | integer
net | cidr | cidr
hosts | inet[] | inet[]
at | inet | inet

select indexdef from pg_indexes where tablename in ('inet_keys', 'inet_nets') order by 1
---
indexdef
CREATE INDEX inet_nets_at ON public.inet_nets USING btree (at DESC, id)
CREATE INDEX inet_nets_both ON public.inet_nets USING btree (net, at)
CREATE INDEX inet_nets_hosts ON public.inet_nets USING btree (hosts)
CREATE UNIQUE INDEX inet_keys_pkey ON public.inet_keys USING btree (k)
CREATE UNIQUE INDEX inet_nets_net_key ON public.inet_nets USING btree (net)
CREATE UNIQUE INDEX inet_nets_pkey ON public.inet_nets USING btree (id)

select opcname, opcintype::regtype, opcdefault from pg_opclass c join pg_am m on m.oid = c.opcmethod where amname = 'btree' and opcintype in (869, 650) order by 1
---
opcname | opcintype | opcdefault
cidr_ops | inet | f
inet_ops | inet | t

select typname, typlen, typcategory, typispreferred, typarray::regtype, typelem::regtype from pg_type where typname in ('inet', 'cidr', '_inet', '_cidr') order by 1
---
typname | typlen | typcategory | typispreferred | typarray | typelem
_cidr | -1 | A | f | - | cidr
_inet | -1 | A | f | - | inet
cidr | -1 | I | f | cidr[] | -
inet | -1 | I | t | inet[] | -

select castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod from pg_cast where castsource in (869, 650) or casttarget in (869, 650) order by 1::text, castsource::regtype::text, casttarget::regtype::text
---
castsource | casttarget | castfunc | castcontext | castmethod
cidr | character | text(inet) | a | f
cidr | character varying | text(inet) | a | f
cidr | inet | - | i | b
cidr | text | text(inet) | a | f
inet | character | text(inet) | a | f
inet | character varying | text(inet) | a | f
inet | cidr | cidr(inet) | a | f
inet | text | text(inet) | a | f

select oprname, oprleft::regtype, oprright::regtype, oprresult::regtype, oprcode from pg_operator where oprleft in (869, 650) or oprright in (869, 650) order by oid
---
oprname | oprleft | oprright | oprresult | oprcode
<< | inet | inet | boolean | network_sub
<<= | inet | inet | boolean | network_subeq
>> | inet | inet | boolean | network_sup
>>= | inet | inet | boolean | network_supeq
= | inet | inet | boolean | network_eq
<> | inet | inet | boolean | network_ne
< | inet | inet | boolean | network_lt
<= | inet | inet | boolean | network_le
> | inet | inet | boolean | network_gt
>= | inet | inet | boolean | network_ge
~ | - | inet | inet | inetnot
& | inet | inet | inet | inetand
| | inet | inet | inet | inetor
+ | inet | bigint | inet | inetpl
+ | bigint | inet | inet | int8pl_inet
- | inet | bigint | inet | inetmi_int8
- | inet | inet | bigint | inetmi
&& | inet | inet | boolean | network_overlap

select 'inet'::regtype::oid, 'cidr[]'::regtype::oid, '_inet'::regtype
---
oid | oid | regtype
869 | 651 | inet[]

create view inet_view as select k, network(k) as net, k << inet '10/8' as inside from inet_keys
---
ok 0

select * from inet_view order by k
---
k | net | inside
0.0.0.0/0 | 0.0.0.0/0 | f
9.255.255.255 | 9.255.255.255/32 | f
10.0.0.0/8 | 10.0.0.0/8 | f
10.1.2.3/8 | 10.0.0.0/8 | f
10.0.0.0/9 | 10.0.0.0/9 | t
10.1.2.4 | 10.1.2.4/32 | t
255.255.255.255 | 255.255.255.255/32 | f

select client_addr is not distinct from inet_client_addr(), pg_typeof(client_addr) from pg_stat_activity where pid = pg_backend_pid()
---
?column? | pg_typeof
t | inet

drop view inet_view
---
ok 0

drop table inet_keys
---
ok 0

drop table inet_nets
---
ok 0

drop table inet_tbl
---
ok 0
