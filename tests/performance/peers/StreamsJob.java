// Kafka Streams: submissions repartitioned by period and group; per group a dense matrix in memory, each unit's row in a state store
// with its changelog, from which the matrix is made anew at start; changed groups emitted every 100 ms.

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public final class StreamsJob {
  static final int[] TWENTIETHS = {2, 5, 10, 15, 18};
  static final Duration EVERY = Duration.ofMillis(100);
  static final String ROWS = "rows";

  /** The fields of a submission that matter, read off the wire. */
  static final class Submission {
    String unit = "", year = "", group = "";
    long revision;
    ByteBuffer amounts;

    Submission(byte[] value) {
      read(ByteBuffer.wrap(value), 0);
    }

    /** level 0: the event; 1: submission; 3: profile; 4: row; 34: one attribute of the profile. */
    private void read(ByteBuffer in, int level) {
      while (in.hasRemaining()) {
        int tag = (int) varint(in), field = tag >>> 3;
        if ((tag & 7) == 0) {
          long number = varint(in);
          if (level == 1 && field == 7) revision = number;
        } else {
          int length = (int) varint(in);
          ByteBuffer part = in.slice(in.position(), length);
          in.position(in.position() + length);
          if (level == 0 && (field == 1 || field == 3 || field == 4)) read(part, field);
          else if (level == 1 && field == 3) unit = text(part);
          else if (level == 1 && field == 6) year = text(part).substring(0, 4);
          else if (level == 3 && field == 4) read(part, 34);
          else if (level == 34 && field == 2) group = text(part);
          else if (level == 4 && field == 2) amounts = part.order(ByteOrder.LITTLE_ENDIAN);
        }
      }
    }

    static long varint(ByteBuffer in) {
      long result = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = in.get();
        result |= (long) (b & 0x7f) << shift;
        if (b >= 0) return result;
      }
    }

    static String text(ByteBuffer part) {
      return StandardCharsets.UTF_8.decode(part.duplicate()).toString();
    }

    String cell() {
      return year + "/" + group;
    }
  }

  /** One period's group: figures x units. */
  static final class Group {
    final Map<String, Integer> places = new HashMap<>();
    long[] revisions = new long[128];
    long[][] pairs;
    long seen;

    Group(int columns) {
      pairs = new long[columns][128];
    }

    void take(String unit, long revision, ByteBuffer amounts) {
      int place = places.computeIfAbsent(unit, name -> places.size());
      if (place == revisions.length) {
        revisions = Arrays.copyOf(revisions, 2 * place);
        for (int n = 0; n < pairs.length; n++) pairs[n] = Arrays.copyOf(pairs[n], 2 * place);
      }
      if (revision > revisions[place]) {
        revisions[place] = revision;
        for (int n = 0; n < pairs.length; n++) pairs[n][place] = amounts.getLong(amounts.position() + 8 * n);
      }
    }

    byte[] output() {
      int figures = pairs.length / 2, n = places.size();
      ByteBuffer out = ByteBuffer.allocate(8 + 64 * figures).order(ByteOrder.LITTLE_ENDIAN);
      out.putLong(seen);
      double[] ratios = new double[n];
      for (int f = 0; f < figures; f++) {
        long numerators = 0, denominators = 0;
        for (int u = 0; u < n; u++) {
          numerators += pairs[f][u];
          denominators += pairs[figures + f][u];
          ratios[u] = (double) pairs[f][u] / pairs[figures + f][u];
        }
        out.putLong(8 + 8 * f, n);
        out.putLong(8 + 8 * (figures + f), numerators);
        out.putLong(8 + 8 * (2 * figures + f), denominators);
        Arrays.sort(ratios);
        for (int q = 0; q < TWENTIETHS.length; q++) {
          int at = (3 * n + 1) * TWENTIETHS[q] + 20, rank = at / 60;
          double low = ratios[Math.max(1, Math.min(n, rank)) - 1], high = ratios[Math.max(1, Math.min(n, rank + 1)) - 1];
          out.putDouble(8 + 24 * figures + 8 * (q * figures + f), low + (at % 60) / 60.0 * (high - low));
        }
      }
      return out.array();
    }
  }

  /** Takes submissions of its partitions' groups in and emits what changed. */
  static final class Benchmarks implements Processor<String, byte[], String, byte[]> {
    private final Map<String, Group> groups = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private KeyValueStore<String, byte[]> rows;

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      rows = context.getStateStore(ROWS);
      try (var all = rows.all()) {
        all.forEachRemaining(row -> take(row.value));
      }
      changed.clear();
      context.schedule(EVERY, PunctuationType.WALL_CLOCK_TIME, now -> {
        for (String cell : changed) context.forward(new Record<>(cell, groups.get(cell).output(), now));
        changed.clear();
      });
    }

    @Override
    public void process(Record<String, byte[]> record) {
      Submission one = take(record.value());
      rows.put(one.cell() + "/" + one.unit, record.value());
    }

    private Submission take(byte[] value) {
      Submission one = new Submission(value);
      Group group = groups.computeIfAbsent(one.cell(), name -> new Group(one.amounts.remaining() / 8));
      group.take(one.unit, one.revision, one.amounts);
      group.seen++;
      changed.add(one.cell());
      return one;
    }
  }

  public static void main(String[] told) throws InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (int n = 0; n + 1 < told.length; n += 2) options.put(told[n], told[n + 1]);
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(ROWS), Serdes.String(), Serdes.ByteArray()));
    builder.stream("submission-received", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .selectKey((key, value) -> new Submission(value).cell())
        .repartition(Repartitioned.with(Serdes.String(), Serdes.ByteArray()).withName("cells"))
        .process(Benchmarks::new, ROWS)
        .to("bench-out", Produced.with(Serdes.String(), Serdes.ByteArray()));
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-" + System.nanoTime());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("--bootstrap"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.get("--folder") + "/state");
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      streams.close(Duration.ofSeconds(4));
      over.countDown();
    }));
    streams.start();
    over.await();
  }
}
