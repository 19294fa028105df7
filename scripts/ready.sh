#!/bin/sh
# Makes .venv ready: `scripts/ready.sh runtime` to run, `scripts/ready.sh dev` to develop, `scripts/ready.sh bench` to
# compare with other engines.
# A second call finds its mark in .venv and returns at once. Needs python3 >= 3.11 and, the first time, a network. To
# develop takes Chromium as well, with a font for Chinese: tests open the pages in it. Where root may, they are installed.
set -eu
cd "$(dirname "$0")/.."

wanted=$1
venv=.venv

stop() { # one sentence in Chinese, one in English
    printf '\n  %s\n  %s\n\n' "$1" "$2" >&2
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

choose_python() {
    lacking=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        new_enough "$candidate" || continue
        if has_venv "$candidate"; then
            python=$candidate
            return
        fi
        lacking=${lacking:-$candidate}
    done
    if [ -n "$lacking" ]; then
        stop "$lacking 缺少 venv 模块。Debian/Ubuntu：apt-get install python3-venv；其他系统请安装完整的 Python，或指定另一个：PYTHON=python3.12 make run" \
            "$lacking has no venv module. Debian/Ubuntu: apt-get install python3-venv; elsewhere install a complete Python, or name another: PYTHON=python3.12 make run"
    fi
    found=$("${PYTHON:-python3}" --version 2>/dev/null || echo "-")
    stop "需要 Python 3.11 或更新版本（${PYTHON:-python3}：$found）。请安装后重试，或指定：PYTHON=python3.12 make run" \
        "Python 3.11 or newer is needed (${PYTHON:-python3}: $found). Install it, or name one: PYTHON=python3.12 make run"
}

offline() {
    stop "安装未完成。请看上面的第一条错误；首次安装需要网络，之后可离线。修好后重新执行同一命令。" \
        "The installation did not finish. See the first error above; the first time needs a network, later ones do not. Then repeat the command."
}

mark_of() { # what the installed state depends on
    { cat requirements/bootstrap.lock "requirements/$1.lock" pyproject.toml && pwd; } | cksum
}

is_marked() { [ -x $venv/bin/duijie ] && [ "$(cat "$venv/.$1" 2>/dev/null)" = "$(mark_of "$1")" ]; }

is_done() { # each set holds the ones before it
    case $1 in
    runtime) is_marked runtime || is_marked dev || is_marked bench ;;
    dev) is_marked dev || is_marked bench ;;
    *) is_marked "$1" ;;
    esac
}

if is_done "$wanted"; then exit 0; fi

if command -v flock >/dev/null 2>&1; then # two calls at once: the second waits, then finds all done
    exec 9<pyproject.toml
    flock 9
    if is_done "$wanted"; then exit 0; fi
fi

has_browser() { # with a font for Chinese, as far as that can be told
    for name in chromium chromium-browser google-chrome; do
        if command -v $name >/dev/null 2>&1; then
            ! command -v fc-list >/dev/null 2>&1 || [ -n "$(fc-list :lang=zh-cn family)" ]
            return
        fi
    done
    return 1
}

install_browser() {
    packages="chromium fonts-noto-cjk fontconfig"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "安装浏览器与中文字体 / installing a browser and a Chinese font"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get -qq update && apt-get -qq install -y --no-install-recommends $packages; } >/dev/null || offline
    else # everything but the tests of pages goes without
        printf '\n  %s\n  %s\n\n' \
            "页面测试需要 Chromium 和中文字体，请安装。Debian：apt-get install $packages" \
            "Tests of pages need Chromium and a Chinese font; install them. Debian: apt-get install $packages" >&2
    fi
}

if [ "$wanted" = dev ]; then has_browser || install_browser; fi

if [ "$(cat $venv/.place 2>/dev/null || pwd)" != "$(pwd)" ] || ! new_enough $venv/bin/python ||
    ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
    choose_python
    echo "准备 .venv / making .venv ($("$python" --version))"
    "$python" -m venv --clear $venv ||
        stop "无法建立 .venv。" ".venv could not be made."
fi
pwd >$venv/.place
rm -f $venv/.runtime $venv/.dev $venv/.bench

echo "安装依赖 / installing requirements/$wanted.lock"
$venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock ||
    offline
$venv/bin/uv pip install --quiet --python $venv/bin/python --require-hashes --compile-bytecode \
    -r "requirements/$wanted.lock" || offline
# built by uv itself: nothing is downloaded for it
$venv/bin/uv pip install --quiet --python $venv/bin/python --no-deps --offline -e . || offline
$venv/bin/python -m compileall -q app migrations
mark_of "$wanted" >"$venv/.$wanted"
