package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.CombinedStatistics.Common;
import io.shardforge.sql.catalog.CombinedStatistics.Dependency;
import io.shardforge.sql.catalog.CombinedStatistics.Distinct;
import io.shardforge.sql.catalog.CombinedStatistics.Kind;

/** The fields of {@link CombinedStatistics} as they are stored. */
final class CombinedStatisticsCodec {
  private CombinedStatisticsCodec() {}

  static void encode(DescriptorWriter out, CombinedStatistics s) {
    out.putInt(s.tableId())
        .putString(s.name())
        .putList(s.kinds(), (to, kind) -> to.putByte(kind.letter()))
        .putList(s.columns(), DescriptorWriter::putInt)
        .putList(
            s.distinct(),
            (to, d) -> to.putList(d.columns(), DescriptorWriter::putInt).putDouble(d.number()))
        .putList(
            s.dependencies(),
            (to, d) ->
                to.putList(d.from(), DescriptorWriter::putInt).putInt(d.to()).putDouble(d.degree()))
        .putList(
            s.common(),
            (to, c) ->
                to.putList(c.values(), DescriptorWriter::putBytes)
                    .putDouble(c.fraction())
                    .putDouble(c.expected()));
  }

  static CombinedStatistics decode(int id, long version, DescriptorReader in) {
    return new CombinedStatistics(
        id,
        version,
        in.getInt(),
        in.getString(),
        in.getList(from -> Kind.of(from.getByte())),
        in.getList(DescriptorReader::getInt),
        in.getList(from -> new Distinct(from.getList(DescriptorReader::getInt), from.getDouble())),
        in.getList(from ->
            new Dependency(
                from.getList(DescriptorReader::getInt), from.getInt(), from.getDouble())),
        in.getList(from ->
            new Common(
                from.getList(DescriptorReader::getBytes), from.getDouble(), from.getDouble())));
  }
}
