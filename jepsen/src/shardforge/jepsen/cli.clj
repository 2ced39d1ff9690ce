(ns shardforge.jepsen.cli
  "The command line: test, test-all, analyze, serve."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.tools.logging :refer [info warn]]
            [jepsen [cli :as cli]
                    [core :as jepsen]
                    [store :as store]]
            [shardforge.jepsen [client :as client]
                               [core :as core]
                               [db :as db]
                               [nemesis :as nemesis]])
  (:gen-class))

(defn parse-keywords
  [s]
  (map keyword (str/split s #",\s*")))

(defn parse-nemesis
  "Names of faults, special ones replaced by what they stand for."
  [s]
  (->> (parse-keywords s)
       (mapcat #(get nemesis/special % [%]))
       distinct))

(def options
  [[nil "--expected-consistency-model MODEL" "What Elle checks append, wr and ddl against; by default what the isolation level promises."
    :parse-fn keyword]

   [nil "--heap SIZE" "The heap of each node's JVM."
    :default "768m"]

   ["-i" "--isolation LEVEL" "Isolation level of transactions."
    :default  :serializable
    :parse-fn keyword
    :validate [client/levels (cli/one-of client/levels)]]

   [nil "--java-home DIR" "The JDK on the nodes; by default the java on the path."]

   [nil "--key-count NUMBER" "Keys in use at a time by append, wr and ddl."
    :default  12
    :parse-fn parse-long]

   [nil "--linearizable-keys" "Lets wr infer the order of versions from real time, too."
    :default false]

   [nil "--max-txn-length NUMBER" "Steps of a transaction at most."
    :default  4
    :parse-fn parse-long]

   [nil "--max-writes-per-key NUMBER" "Writes of a key before another takes its place."
    :default  128
    :parse-fn parse-long]

   [nil "--nemesis FAULTS" (str "Comma-separated faults: " (str/join ", " (sort (map name nemesis/faults)))
                                "; or none, mixed (kill, pause, partition), all. "
                                "membership takes more nodes than " db/replication-factor ".")
    :default  []
    :parse-fn parse-nemesis
    :validate [(partial every? nemesis/faults) (cli/one-of nemesis/faults)]]

   [nil "--nemesis-interval SECONDS" "Time between faults, on average."
    :default  8
    :parse-fn parse-long]

   [nil "--os NAME" "What is installed on the nodes first: debian (packages that Jepsen needs) or none."
    :default  :debian
    :parse-fn keyword
    :validate [#{:debian :none} "debian or none"]]

   [nil "--partitions KINDS" (str "Comma-separated kinds of partitions: "
                                  (str/join ", " (sort (map name (keys nemesis/partitions))))
                                  "; all of them by default.")
    :parse-fn parse-keywords
    :validate [(partial every? nemesis/partitions) (cli/one-of nemesis/partitions)]]

   ["-r" "--rate HZ" "Operations a second, of all clients."
    :default  100
    :parse-fn parse-double
    :validate [pos? "Must be positive"]]

   [nil "--recovery-time SECONDS" "Time between the last fault's end and the final reads."
    :default  10
    :parse-fn parse-long]

   [nil "--tarball FILE" "What bin/package made: a file of the control node, or a URL."
    :default "shardforge.tgz"]

   ["-w" "--workload NAME" "What the clients do."
    :default  :append
    :parse-fn keyword
    :validate [core/workloads (cli/one-of core/workloads)]]])

(def every-nemesis
  "What test-all goes through, for each workload."
  [[] [:kill] [:pause] [:partition] [:packet] [:membership] [:kill :pause :partition]
   [:kill :membership]])

(defn possible
  "Those of the combinations of faults that so many nodes can have."
  [nodes nemeses]
  (let [{left true, out false} (group-by (partial nemesis/possible? nodes) nemeses)]
    (doseq [nemesis out]
      (warn "Left out, for lack of nodes:" (str/join "," (map name nemesis))))
    left))

(defn all-tests
  "A test for each workload and nemesis, or for those that were asked for."
  [opts]
  (for [nemesis  (if-let [n (:nemesis opts)] [n] (possible (:nodes opts) every-nemesis))
        workload (if-let [w (:workload opts)] [w] (sort (keys core/workloads)))
        _        (range (:test-count opts))]
    (core/test (assoc opts :nemesis nemesis, :workload workload))))

(def sweep-options
  "Of the command sweep: the product of what these name."
  [[nil "--workloads NAMES" "Comma-separated workloads; all by default."
    :default  (sort (keys core/workloads))
    :parse-fn parse-keywords
    :validate [(partial every? core/workloads) (cli/one-of core/workloads)]]

   [nil "--nemeses FAULTS" "Faults, by blanks what is together in one test, by commas what is not."
    :default  every-nemesis
    :parse-fn (fn [s]
                (mapv #(parse-nemesis (str/replace (str/trim %) #"\s+" ","))
                      (str/split s #",")))
    :validate [(partial every? (partial every? nemesis/faults)) (cli/one-of nemesis/faults)]]

   [nil "--results FILE" "A line of EDN for each test that has a verdict; those in it are not run again."
    :default "sweep.edn"]])

(defn outcomes
  "What the results file says already, by the tests' names."
  [file]
  (if (.exists (io/file file))
    (into {}
          (comp (remove str/blank?) (map edn/read-string) (map (juxt :name identity)))
          (str/split-lines (slurp file)))
    {}))

(defn run-one!
  "Runs a test; returns a line for the results file."
  [test]
  (let [began (System/nanoTime)
        line  (fn [outcome]
                (merge {:name    (:name test)
                        :nodes   (count (:nodes test))
                        :time-limit (:time-limit test)
                        :seconds (quot (- (System/nanoTime) began) 1000000000)}
                       outcome))]
    (try
      (let [test    (jepsen/run! test)
            results (:results test)]
        (line (merge {:valid? (:valid? results)
                      :path   (.getPath (store/path test))}
                     (select-keys (:stats results)
                                  [:count :ok-count :fail-count :info-count])
                     (into {} (for [[k v] results
                                    :when (and (map? v) (not (true? (:valid? v))))]
                                [k (:valid? v)])))))
      (catch Exception e
        (warn e "Test crashed")
        (line {:valid? :crashed, :error (.getMessage e)})))))

(defn sweep!
  "Runs the tests that the results file has no verdict of, one after another."
  [{:keys [workloads nemeses results] :as opts}]
  (doseq [nemesis  (possible (:nodes opts) nemeses)
          workload workloads]
    (let [test (core/test (assoc opts :workload workload, :nemesis nemesis))
          done (get (outcomes results) (:name test))]
      (if (and done (not= :crashed (:valid? done)))
        (info "Has a verdict already:" (:name test))
        (spit results (str (pr-str (run-one! test)) "\n") :append true)))))

(defn sweep-cmd
  []
  {"sweep" {:opt-spec (cli/merge-opt-specs
                        cli/test-opt-spec
                        (into sweep-options
                              (remove (comp #{"--nemesis FAULTS" "--workload NAME"} second)
                                      options)))
            :opt-fn   cli/test-opt-fn
            :usage    "Runs many tests, and goes on where it was stopped."
            :run      (fn [{:keys [options]}]
                        (sweep! options))}})

(defn -main
  [& args]
  (cli/run! (merge (cli/single-test-cmd {:test-fn  core/test
                                         :opt-spec options})
                   (cli/test-all-cmd
                     {:tests-fn all-tests
                      :opt-spec (cli/without-defaults-for [:nemesis :workload] options)})
                   (sweep-cmd)
                   (cli/serve-cmd))
            args))
