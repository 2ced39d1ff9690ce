package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import java.util.ArrayList;
import java.util.List;

/** What a table and its indexes were told that only shows, as it is stored. */
final class StorageParameterCodec {
  private StorageParameterCodec() {}

  /** Whether there is anything to be stored. */
  static boolean isNeeded(TableDescriptor table) {
    return !table.options().parameters().isEmpty()
        || table.indexes().stream()
            .anyMatch(index ->
                !index.parameters().isEmpty()
                    || index.columns().stream().anyMatch(key -> key.operatorClass() != 0));
  }

  static void encode(DescriptorWriter out, TableDescriptor table) {
    out.putList(table.options().parameters(), DescriptorWriter::putString);
    for (IndexDescriptor index : table.indexes()) {
      out.putList(index.parameters(), DescriptorWriter::putString)
          .putList(index.columns(), (to, key) -> to.putInt(key.operatorClass()));
    }
  }

  static TableOptions decode(DescriptorReader in, TableOptions options) {
    return options.withParameters(in.getList(DescriptorReader::getString));
  }

  static IndexDescriptor decode(DescriptorReader in, IndexDescriptor index) {
    List<String> parameters = in.getList(DescriptorReader::getString);
    List<Integer> classes = in.getList(DescriptorReader::getInt);
    List<KeyColumn> columns = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      columns.add(index.columns().get(i).withOperatorClass(classes.get(i)));
    }
    return index.withTerms(columns, index.included(), index.predicate()).withParameters(parameters);
  }
}
