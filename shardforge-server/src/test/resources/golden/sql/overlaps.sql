select (date '2001-02-16', date '2001-12-21') overlaps (date '2001-10-30', date '2002-10-30'), (date '2001-02-16', interval '100 days') overlaps (date '2001-10-30', date '2002-10-30'), (date '2001-10-29', date '2001-10-30') overlaps (date '2001-10-30', date '2001-10-31'), (date '2001-10-30', date '2001-10-30') overlaps (date '2001-10-30', date '2001-10-31')
---
overlaps | overlaps | overlaps | overlaps
t | f | f | t

select (timestamp '2000-11-27', timestamp '2000-11-28') overlaps (timestamp '2000-11-27 12:00', interval '1 day'), (timestamp '2000-11-27', interval '12 hours') overlaps (timestamp '2000-11-27 12:00', interval '12 hours'), (timestamp '2000-11-27', interval '12 hours') overlaps (timestamp '2000-11-27', interval '12 hours')
---
overlaps | overlaps | overlaps
t | f | t

select (timestamptz '2000-11-27 00:00+00', timestamptz '2000-11-28 00:00+00') overlaps (timestamptz '2000-11-27 12:00+00', interval '1 day'), (timestamptz '2000-11-27', interval '1 day') overlaps (timestamptz '2000-11-27 12:00', timestamptz '2000-11-26'), (time '00:00', time '01:00') overlaps (time '00:30', time '01:30'), (time '00:00', interval '1 hour') overlaps (time '01:00', interval '1 hour'), (time '23:00', interval '3 hours') overlaps (time '01:00', interval '23 hours')
---
overlaps | overlaps | overlaps | overlaps | overlaps
t | t | t | f | f

select (timetz '00:00+00', timetz '02:00+01') overlaps (timetz '00:30+00', timetz '01:30+00'), (time '03:00', time '01:00') overlaps (time '02:00', time '02:30'), (time '03:00', interval '1 hour') overlaps (time '02:00', time '02:30'), (time '02:00', time '02:30') overlaps (time '02:00', interval '1 hour')
---
overlaps | overlaps | overlaps | overlaps
t | t | f | t

select (null::timestamp, timestamp '2000-01-02') overlaps (timestamp '2000-01-01', timestamp '2000-01-03'), (timestamp '2000-01-02', null::timestamp) overlaps (timestamp '2000-01-01', timestamp '2000-01-03'), (timestamp '2000-01-01', null::timestamp) overlaps (timestamp '2000-01-01', timestamp '2000-01-03'), (null::date, null::date) overlaps (date '2000-01-01', date '2000-01-03'), (timestamp '2000-01-01', timestamp '2000-01-02') overlaps (timestamp '2000-01-05', null), (timestamp '2000-01-01', timestamp '2000-01-09') overlaps (timestamp '2000-01-05', null)
---
overlaps | overlaps | overlaps | overlaps | overlaps | overlaps
t | t | NULL | NULL | NULL | t

select (1, 2) overlaps (3, 4)
---
ERROR 42883: function pg_catalog.overlaps(integer, integer, integer, integer) does not exist
at 15
hint No function matches the given name and argument types. You might need to add explicit type casts.

select (date '2001-02-16', 1) overlaps (date '2001-02-16', 2)
---
ERROR 42883: function pg_catalog.overlaps(date, integer, date, integer) does not exist
at 31
hint No function matches the given name and argument types. You might need to add explicit type casts.

select (date '2001-02-16') overlaps (date '2001-02-16', 2)
---
ERROR 42601: syntax error at or near "overlaps"
at 28

select count(*) from (values (date '2001-01-01', date '2001-03-01'), (date '2001-05-01', date '2001-06-01')) v(a, b) where (a, b) overlaps (date '2001-02-01', interval '1 month')
---
count
1

create view ov as select a from (values (date '2001-01-01', date '2001-03-01'), (date '2001-05-01', date '2001-06-01')) v(a, b) where (a, b) overlaps (date '2001-02-01', interval '1 month')
---
ok 0

select * from ov
---
a
2001-01-01

drop view ov
---
ok 0
