set timezone = '00:30'
---
ok 0

show timezone
---
TimeZone
00:30

select to_char(timestamptz '2020-01-01 0:00z', 'OF TZH:TZM'), timestamptz '2020-01-01 0:00z'
---
to_char | timestamptz
-00:30 -00:30 | 2019-12-31 23:30:00-00:30

set timezone = '04:15'
---
ok 0

show timezone
---
TimeZone
04:15

select to_char(timestamptz '2020-01-01 0:00z', 'OF TZH:TZM'), timestamptz '2020-01-01 0:00z'
---
to_char | timestamptz
-04:15 -04:15 | 2019-12-31 19:45:00-04:15

set timezone = '-04:30'
---
ok 0

show timezone
---
TimeZone
-04:30

select to_char(timestamptz '2020-01-01 0:00z', 'OF TZH:TZM'), timestamptz '2020-01-01 0:00z'
---
to_char | timestamptz
+04:30 +04:30 | 2020-01-01 04:30:00+04:30

set time zone interval '-04:30' hour to minute
---
ok 0

show timezone
---
TimeZone
<-04:30>+04:30

select to_char(timestamptz '2020-01-01 0:00z', 'OF TZH:TZM'), timestamptz '2020-01-01 0:00z'
---
to_char | timestamptz
-04:30 -04:30 | 2019-12-31 19:30:00-04:30

set timezone = '00:00'
---
ok 0

select to_char(timestamptz '2020-01-01 0:00z', 'OF TZH:TZM'), timestamptz '2020-01-01 0:00z'
---
to_char | timestamptz
+00 +00:00 | 2020-01-01 00:00:00+00

set timezone = '10:99'
---
ERROR 22023: invalid value for parameter "TimeZone": "10:99"

reset timezone
---
ok 0

select timestamptz '2020-01-01 0:00z' at time zone '04:30', timestamptz '2020-01-01 0:00z' at time zone '-04:30', timestamptz '2020-01-01 0:00z' at time zone '4'
---
timezone | timezone | timezone
2019-12-31 19:30:00 | 2020-01-01 04:30:00 | 2019-12-31 20:00:00
