select interval '1 2 hours', interval '1 2' day to hour, interval '4 millenniums 5 centuries 4 decades 1 year'
---
interval | interval | interval
1 day 02:00:00 | 1 day 02:00:00 | 4541 years

select interval '5.5 seconds 3 milliseconds'
---
ERROR 22007: invalid input syntax for type interval: "5.5 seconds 3 milliseconds"
at 17

select interval '1:20:05 5 microseconds'
---
ERROR 22007: invalid input syntax for type interval: "1:20:05 5 microseconds"
at 17

select interval '5 seconds 3 milliseconds', interval '5 msec 5 usec 3 sec'
---
interval | interval
00:00:05.003 | 00:00:03.005005

select interval '1 month 2 months'
---
ERROR 22007: invalid input syntax for type interval: "1 month 2 months"
at 17

select interval '1 day day', interval 'day 1', interval 'ago 1 day'
---
interval | interval | interval
1 day | 00:00:01 | -1 days

select interval '1 ago'
---
ERROR 22007: invalid input syntax for type interval: "1 ago"
at 17

select interval '1 day at'
---
ERROR 22007: invalid input syntax for type interval: "1 day at"
at 17

select interval '-1:60'
---
ERROR 22007: invalid input syntax for type interval: "-1:60"
at 17

select interval '1:60'
---
ERROR 22015: interval field value out of range: "1:60"
at 17

select interval '0.5 microseconds', interval '1.5 microseconds', interval '-0.7 microseconds', interval '1.7 microseconds'
---
interval | interval | interval | interval
00:00:00 | 00:00:00.000001 | -00:00:00.000001 | 00:00:00.000002

select interval 'PT10', interval 'PT10:30', interval 'PT10:30:15.5', interval 'P0002-10-15T1S', interval 'P20201110T101112', interval 'P10.5e4Y', interval 'P-1-2T-3:-4:-5'
---
interval | interval | interval | interval | interval | interval | interval
10:00:00 | 10:30:00 | 10:30:15.5 | 2 years 10 mons 15 days 00:00:01 | 2020 years 11 mons 10 days 10:11:12 | 105000 years | -10 mons -03:04:05

select interval ' P1D'
---
ERROR 22007: invalid input syntax for type interval: " P1D"
at 17

select interval 'P1Y-2'
---
ERROR 22007: invalid input syntax for type interval: "P1Y-2"
at 17

select interval 'P1e16D'
---
ERROR 22015: interval field value out of range: "P1e16D"
at 17

select interval 'P2147483648'
---
ERROR 22015: interval field value out of range: "P2147483648"
at 17

select interval 'PT2562047789'
---
ERROR 22015: interval field value out of range: "PT2562047789"
at 17

select interval '2147483647 weeks'
---
ERROR 22015: interval field value out of range: "2147483647 weeks"
at 17

select interval '-2147483648 decades'
---
ERROR 22015: interval field value out of range: "-2147483648 decades"
at 17

select interval '2147483647 years'
---
ERROR 22008: interval out of range
at 17

select interval '2147483647 months 1 month'
---
ERROR 22015: interval field value out of range: "2147483647 months 1 month"
at 17

select interval '-2147483648 months -2147483648 days -9223372036854775808 us'
---
interval
-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808

select interval '2147483648 days'
---
ERROR 22015: interval field value out of range: "2147483648 days"
at 17

select interval '-9223372036854775808 microseconds ago'
---
ERROR 22015: interval field value out of range: "-9223372036854775808 microseconds ago"
at 17

select extract(epoch from '256 microseconds'::interval * (2^55)::float8)
---
ERROR 22008: interval out of range

select '1 month 2146410 days'::interval * 1000.5002
---
ERROR 22008: interval out of range

select '1 month 2147483647 days'::interval / 0.5
---
ERROR 22008: interval out of range

select interval '3 days 5 hours' * 'NaN'::float8
---
ERROR 22008: interval out of range

select '4611686018427387904 usec'::interval / 0.1
---
ERROR 22008: interval out of range

select justify_hours(interval '2147483647 days 24 hrs')
---
ERROR 22008: interval out of range

select justify_days(interval '2147483647 months 30 days')
---
ERROR 22008: interval out of range

select justify_interval(interval '2147483647 months 30 days 24 hrs'), justify_interval(interval '2147483647 days 24 hrs')
---
ERROR 22008: interval out of range

select justify_interval(interval '2147483647 days 24 hrs'), justify_interval(interval '-2147483648 days -24 hrs')
---
justify_interval | justify_interval
5965232 years 4 mons 8 days | -5965232 years -4 mons -9 days

set intervalstyle = 'sql_standard'
---
ok 0

select interval '-1 2:03:04', interval '-1-2 3', interval '-1 +2:03', interval '-1 days 2.5 hours', interval '-2147483648 days', interval '-2147483648 days 1 hour'
---
interval | interval | interval | interval | interval | interval
-1 2:03:04 | -1-2 +0 -0:00:03 | +0-0 -1 +2:03:00 | -1 2:30:00 | -2147483648 0:00:00 | -2147483648 1:00:00

reset intervalstyle
---
ok 0

select round(5.5e131071, -131073), round(5.5e131071, -1000000), trunc(5.5e131071, -131073), length(round(4.5e131071, -131071)::text)
---
round | round | trunc | length
0 | 0 | 0 | 131072

select round(5.5e131071, -131072)
---
ERROR 22003: value overflows numeric format

select timestamp 'Jan 1, 4713 BC' + interval '107000000 days', timestamp 'Jan 1, 4713 BC' + interval '109203489 days', timestamptz '4713-01-01 00:00z BC' + interval '109203489 days'
---
?column? | ?column? | ?column?
288244-01-20 00:00:00 | 294276-12-31 00:00:00 | 294276-12-31 00:00:00+00

select timestamp 'Jan 1, 4713 BC' + interval '119203489 days'
---
ERROR 22008: timestamp out of range

select timestamp '2020-01-01' - interval '2147483647 days'
---
ERROR 22008: timestamp out of range
