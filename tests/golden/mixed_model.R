# What lme4 makes of the model of alliancekit's mixed_model, on two corpora drawn here.
#
#   Rscript tests/golden/mixed_model.R tests/golden
#
# writes mixed_model_turns.csv, mixed_model_effects.csv and mixed_model_variances.csv. Made with R 4.2.2, lme4 1.1-31
# (both GPL, used for making these numbers only; neither is needed to run a test).
library(lme4)

out <- commandArgs(trailingOnly = TRUE)[1]
RNGversion("3.6.0")
set.seed(20261124)

# One row per turn; `units` has a row per session: therapist_id, patient_id, condition, turns.
draw <- function(corpus, units) {
  effect <- function(id, sd) rnorm(nlevels(factor(id)), 0, sd)[factor(id)]
  n <- nrow(units)
  level <- effect(units$therapist_id, .3) + effect(units$patient_id, .2) + rnorm(n, 0, .3)
  gap <- .4 + .3 * (units$condition == "worry") +
    effect(units$therapist_id, .4) + effect(units$patient_id, .3) + rnorm(n, 0, .4)
  slope <- -.5 + .6 * (units$condition == "worry") + effect(units$therapist_id, .5) + rnorm(n, 0, .8)
  drift <- rnorm(n, .1, .5)
  rows <- lapply(seq_len(n), function(s) {
    turns <- units$turns[s]
    x <- (seq_len(turns) - 1) / (turns - 1) - .5
    side <- ifelse(seq_len(turns) %% 2 == 1, -.5, .5)
    data.frame(
      corpus = corpus, session_id = sprintf("%s%02d", corpus, s), turn_index = seq_len(turns) - 1,
      role = ifelse(side > 0, "therapist", "patient"), condition = units$condition[s],
      patient_id = units$patient_id[s], therapist_id = units$therapist_id[s],
      bond = round(level[s] + drift[s] * x + side * (gap[s] + slope[s] * x) + rnorm(turns, 0, .5), 3)
    )
  })
  do.call(rbind, rows)
}

# Means per session, role and fifth of the session; u is the mean position of the turns that were averaged.
reduced <- function(turns) {
  turns <- do.call(rbind, lapply(split(turns, turns$session_id), function(one) {
    one <- one[order(one$turn_index), ]
    one$u <- (seq_len(nrow(one)) - 1) / (nrow(one) - 1)
    one
  }))
  turns$fifth <- pmin(floor(turns$u * 5 + 1e-9), 4)
  keys <- c("session_id", "role", "fifth", "condition", "patient_id", "therapist_id")
  cells <- aggregate(cbind(bond, u) ~ ., turns[c(keys, "bond", "u")], mean)
  cells$n <- aggregate(bond ~ ., turns[c(keys, "bond")], length)$bond
  cells$u <- cells$u - .5
  cells$r <- ifelse(cells$role == "therapist", .5, -.5)
  cells$condition <- factor(cells$condition, c("grief", "worry"))
  cells
}

at <- function(levels) {
  parts <- c("1", "0 + r", "0 + u", "0 + r:u")
  paste(sprintf("(%s | %s)", rep(parts, length(levels)), rep(levels, each = 4)), collapse = " + ")
}

fitted <- function(corpus, turns, levels) {
  model <- lmer(
    as.formula(paste("bond ~ r * u * condition +", at(levels))), reduced(turns),
    weights = n,
    control = lmerControl(
      optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
      optCtrl = list(rhoend = 1e-10, maxfun = 1e5)
    )
  )
  table <- coef(summary(model))
  spread <- as.data.frame(VarCorr(model))
  list(
    effects = data.frame(
      corpus = corpus, term = rownames(table), estimate = table[, 1], std_error = table[, 2], criterion = REMLcrit(model)
    ),
    variances = data.frame(
      corpus = corpus, level = sub("\\.[0-9]+$", "", spread$grp), term = spread$var1, variance = spread$vcov
    )
  )
}

lengths <- function(n) sample(9:24, n, replace = TRUE)
nested <- data.frame(
  therapist_id = sprintf("t%02d", rep(1:10, each = 4)), patient_id = sprintf("p%02d", rep(1:20, each = 2)),
  condition = rep(c("grief", "worry"), times = c(24, 16)), turns = lengths(40)
)
crossed <- data.frame(
  therapist_id = sprintf("t%02d", rep(1:8, each = 4)), patient_id = sprintf("p%02d", 1:32),
  condition = rep(c("grief", "worry", "grief", "grief"), 8), turns = lengths(32)
)
first <- draw("nested", nested)
second <- draw("crossed", crossed)
results <- list(
  fitted("nested", first, c("therapist_id", "patient_id", "session_id")),
  fitted("crossed", second, c("therapist_id", "session_id"))
)
save <- function(table, name) write.csv(format(table, digits = 10), file.path(out, name), row.names = FALSE, quote = FALSE)
write.csv(rbind(first, second), file.path(out, "mixed_model_turns.csv"), row.names = FALSE, quote = FALSE)
save(do.call(rbind, lapply(results, `[[`, "effects")), "mixed_model_effects.csv")
save(do.call(rbind, lapply(results, `[[`, "variances")), "mixed_model_variances.csv")
