package org.lsst.efd.aggregator;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Bounds what a worker's stores hold outside of its heap.
 *
 * <p>By the defaults of Kafka Streams, 50 MB for reading and 48 MB for writing are each store's own:
 * 2.3 GB for a worker that has all tasks. Each store may write 16 MiB here, and all read through one
 * cache, which is enough for windows that are open for seconds.
 */
public final class StoreMemory implements RocksDBConfigSetter {
    private static final long CACHE = 64L << 20;
    private static final long BUFFER = 8L << 20;
    private static final int BUFFERS = 2;
    private static final Cache SHARED = new LRUCache(CACHE);

    @Override
    public void setConfig(final String name, final Options options, final Map<String, Object> configs) {
        final BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(SHARED);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(BUFFER);
        options.setMaxWriteBufferNumber(BUFFERS);
    }

    @Override
    public void close(final String name, final Options options) {
        // The cache is every store's, and lives as long as the program.
    }
}
